"""Every estimator on losses whose meta-gradient is known from paper and pencil."""

import pytest
import torch
from torch import nn


class Pair(nn.Module):
    def __init__(self, w, u):
        super().__init__()
        self.w = nn.Parameter(torch.tensor(w, dtype=torch.float64))
        self.u = nn.Parameter(torch.tensor(u, dtype=torch.float64))

    def forward(self):
        return self.w, self.u


@pytest.mark.parametrize("num_steps", [1, 2, 5])
def test_meta_gradient_of_a_parabola_is_the_closed_form(estimator, examples, vector, num_steps):
    # Support loss: mean over i of (w - a_i)^2 / 2 with a_i of mean a = 2, so w' - a = (1 - alpha)^T (w - a).
    # Query loss: mean of (w' - b_i)^2 / 2 with mean b = -1. d/dw = (1 - alpha)^T (w' - b); first order: w' - b.
    alpha, w = 0.1, 5.0
    module = vector(w)
    loss = lambda net, targets: ((net() - targets) ** 2 / 2).mean()  # noqa: E731
    support = examples(loss, torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64))
    query = examples(loss, torch.tensor([0.0, -2.0, -1.0], dtype=torch.float64))

    estimator(lr=alpha, num_steps=num_steps)(module, support, query).loss.backward()

    adapted = 2 + (1 - alpha) ** num_steps * (w - 2)
    expected = ((1 - alpha) ** num_steps if estimator.second_order else 1) * (adapted + 1)
    assert module.w.grad.item() == pytest.approx(expected, rel=estimator.tolerance)


def test_losses_are_those_of_the_trajectory(estimator, examples, vector):
    # (w - 0)^2 / 2 with alpha = 0.5: w halves each step, 4 -> 2 -> 1. Query (w - 3)^2 / 2 at 1 is 2.
    loss = lambda net, targets: ((net() - targets) ** 2 / 2).mean()  # noqa: E731
    support, query = (examples(loss, torch.full((4,), target, dtype=torch.float64)) for target in (0.0, 3.0))

    adapted = estimator(lr=0.5, num_steps=2)(vector(4.0), support, query)

    assert adapted.support_losses == pytest.approx([8.0, 2.0])
    assert adapted.loss.item() == pytest.approx(2.0)


@pytest.mark.parametrize("num_steps", [1, 3])
def test_curvature_that_differs_by_direction_turns_the_meta_gradient(estimator, vector, examples, num_steps):
    # L_S = w'Aw / 2, so w' = M w with M = (I - alpha A)^T; L_Q = |w' - b|^2 / 2. d/dw = M (w' - b).
    curvature = torch.tensor([[2.0, 1.0], [1.0, 3.0]], dtype=torch.float64)
    b = torch.tensor([1.0, -1.0], dtype=torch.float64)
    alpha, module = 0.2, vector(1.0, 2.0)
    copies = torch.ones(3, dtype=torch.float64)
    support = examples(lambda net, weights: weights.mean() * (net() @ curvature @ net()) / 2, copies)
    query = examples(lambda net, weights: weights.mean() * ((net() - b) ** 2).sum() / 2, copies)

    estimator(lr=alpha, num_steps=num_steps)(module, support, query).loss.backward()

    m = torch.linalg.matrix_power(torch.eye(2, dtype=torch.float64) - alpha * curvature, num_steps)
    difference = m @ module.w.detach() - b
    expected = m @ difference if estimator.second_order else difference
    torch.testing.assert_close(module.w.grad, expected, rtol=estimator.tolerance, atol=estimator.tolerance)


def test_parameters_that_do_not_adapt_get_the_gradient_that_flows_through_the_adaptation(estimator, examples):
    # L_S = w u, so w' = w - alpha u, u' = u (u does not adapt); L_Q = w'^2 / 2 + u.
    # dL_Q/dw = w'; dL_Q/du = -alpha w' + 1, of which -alpha w' is of second order.
    module = Pair(3.0, 2.0)
    copies = torch.ones(3, dtype=torch.float64)
    support = examples(lambda net, ones: ones.mean() * net()[0] * net()[1], copies)
    query = examples(lambda net, ones: ones.mean() * (net()[0] ** 2 / 2 + net()[1]), copies)

    estimator(lr=0.5, parameters=["^w$"])(module, support, query).loss.backward()

    assert module.w.grad.item() == pytest.approx(2.0, rel=estimator.tolerance)
    second_order = -0.5 * 2.0 if estimator.second_order else 0.0
    assert module.u.grad.item() == pytest.approx(1 + second_order, abs=estimator.tolerance)
