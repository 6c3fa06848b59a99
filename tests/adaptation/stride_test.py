"""Steps of fixed length, and steps along the support gradient, by paper and pencil, whatever the estimator."""

import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from torch import nn
from torch.func import functional_call

from tests.adaptation.second_order_test import assert_close
from xlamaml_allennlp.adaptation import InnerLoop

SIGNS = [("descent", -1), ("ascent", 1)]


def to_target(target):
    target = torch.tensor(target, dtype=torch.float64)
    return lambda net, ones: ones.mean() * ((net() - target) ** 2).sum() / 2


@pytest.fixture
def copies():
    return torch.ones(3, dtype=torch.float64)


@pytest.mark.parametrize(("direction", "sign"), SIGNS)
@pytest.mark.parametrize("num_steps", [1, 3])
@pytest.mark.parametrize("weight", [0.0, 0.5])
def test_a_step_of_fixed_length_turns_the_query_gradient_only_across_it(
    estimator, examples, vector, copies, direction, sign, num_steps, weight
):
    # L_S = |w - a|^2 / 2 at w = a + (3, 4): g = w - a, of length 5, and every step goes along u = (0.6, 0.8), so that
    # after T steps of rho the distance is r = 5 +- T rho. dw'/dw = u u^T + (r / 5) (I - u u^T).
    # L_Q = |w' - b|^2 / 2 with b = w' - 2 u - 3 n, n = (-0.8, 0.6): its gradient is 2 u + 3 n.
    rho = 0.25
    r = 5 + sign * num_steps * rho
    u, n = torch.tensor([0.6, 0.8], dtype=torch.float64), torch.tensor([-0.8, 0.6], dtype=torch.float64)
    a = torch.tensor([1.0, -2.0], dtype=torch.float64)
    module = vector(4.0, 2.0)
    support = examples(to_target(a.tolist()), copies)
    query = examples(to_target((a + r * u - 2 * u - 3 * n).tolist()), copies)

    adapted = estimator(lr=rho, num_steps=num_steps, direction=direction, normalize=True, support_weight=weight)(
        module, support, query
    )
    adapted.loss.backward()

    expected = 2 * u + (3 * r / 5 if estimator.second_order else 3) * n + weight * 5 * u
    torch.testing.assert_close(module.w.grad, expected, rtol=10 * estimator.tolerance, atol=10 * estimator.tolerance)
    assert adapted.query_loss.item() == pytest.approx((4 + 9) / 2)
    assert adapted.support_losses == pytest.approx([(5 + sign * t * rho) ** 2 / 2 for t in range(num_steps)])


def test_plain_ascent_is_descent_with_the_other_sign(estimator, examples, vector):
    # (w - 2)^2 / 2 at w = 5 with lr 0.1, twice: w' = 2 + 1.1^2 * 3 = 5.63. L_Q = (w' + 1)^2 / 2; dw'/dw = 1.21.
    loss = lambda net, targets: ((net() - targets) ** 2 / 2).mean()  # noqa: E731
    support, query = (examples(loss, torch.full((3,), target, dtype=torch.float64)) for target in (2.0, -1.0))
    module = vector(5.0)
    estimator(lr=0.1, num_steps=2, direction="ascent")(module, support, query).loss.backward()
    expected = (1.21 if estimator.second_order else 1) * 6.63
    assert module.w.grad.item() == pytest.approx(expected, rel=estimator.tolerance)


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.tensor(3.0, dtype=torch.float64))
        self.u = nn.Parameter(torch.tensor(2.0, dtype=torch.float64))

    def forward(self):
        return self.w, self.u


def test_the_length_is_that_of_what_adapts(estimator, examples, copies):
    # L_S = w u^2: by w it is 4, by u 12. Only w adapts, so w' = w + 0.5 whatever u is: of the step nothing is of second
    # order. L_Q = w'^2 / 2 + u.
    module = Pair()
    support = examples(lambda net, ones: ones.mean() * net()[0] * net()[1] ** 2, copies)
    query = examples(lambda net, ones: ones.mean() * (net()[0] ** 2 / 2 + net()[1]), copies)
    estimator(lr=0.5, parameters=["^w$"], direction="ascent", normalize=True)(module, support, query).loss.backward()
    assert module.w.grad.item() == pytest.approx(3.5, rel=estimator.tolerance)
    assert module.u.grad.item() == pytest.approx(1.0, abs=10 * estimator.tolerance)


def test_without_a_gradient_there_is_no_step(estimator, examples, vector, copies):
    module = vector(1.0, -2.0)
    support, query = examples(to_target([1.0, -2.0]), copies), examples(to_target([0.0, 0.0]), copies)
    estimator(lr=0.5, direction="ascent", normalize=True)(module, support, query).loss.backward()
    assert module.w.grad.tolist() == pytest.approx([1.0, -2.0])


def ascended(module, support, query, lr, num_steps, second_order, names):
    """The gradient of the query loss after normalised steps uphill, with the graph kept for the second order."""
    fast = dict(module.named_parameters())
    network = lambda *args: functional_call(module, fast, args)  # noqa: E731
    for _ in range(num_steps):
        found = torch.autograd.grad(support(network), [fast[name] for name in names], create_graph=second_order)
        length = torch.cat([gradient.flatten() for gradient in found]).norm()
        for name, gradient in zip(names, found, strict=True):
            fast[name] = fast[name] + lr * gradient / length
    theta = dict(module.named_parameters())
    return dict(zip(theta, torch.autograd.grad(query(network), theta.values(), allow_unused=True), strict=True))


@pytest.mark.parametrize("num_steps", [1, 3])
@pytest.mark.parametrize("names", [["words.weight", "layer.weight"], ["out.weight", "out.bias"]])
def test_on_a_network_it_agrees_with_a_double_loop_by_hand(estimator, classification, num_steps, names):
    module, support, query = classification()
    expected = ascended(module, support, query, 0.5, num_steps, estimator.second_order, names)
    keys = {"lr": 0.5, "num_steps": num_steps, "parameters": names, "direction": "ascent", "normalize": True}
    estimator(**keys)(module, support, query).loss.backward()
    assert_close(module, expected, 100 * estimator.tolerance if estimator.type == "hessian_free" else 1e-10)


def test_another_direction_is_refused():
    with pytest.raises(ConfigurationError, match=r'inner_loop\.direction is "up"; it must be "descent" or "ascent"'):
        InnerLoop.by_name("exact")(direction="up")
    with pytest.raises(ConfigurationError):
        InnerLoop.from_params(Params({"type": "exact", "direction": "up"}))
