"""The objective in which the support loss at theta counts, too, by paper and pencil, whatever the estimator."""

import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from torch import nn

from xlamaml_allennlp.adaptation import InnerLoop


def parabola(net, targets):
    return ((net() - targets) ** 2 / 2).mean()


@pytest.mark.parametrize("num_steps", [1, 2, 5])
def test_the_support_gradient_at_theta_is_added_once_however_many_steps(estimator, examples, vector, num_steps):
    # As in closed_forms_test, with means a = 2 and b = -1, and weight * (w - a) of the support loss.
    alpha, w, weight = 0.1, 5.0, 0.5
    module = vector(w)
    support = examples(parabola, torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64))
    query = examples(parabola, torch.tensor([0.0, -2.0, -1.0], dtype=torch.float64))

    adapted = estimator(lr=alpha, num_steps=num_steps, support_weight=weight)(module, support, query)
    adapted.loss.backward()

    end = 2 + (1 - alpha) ** num_steps * (w - 2)
    of_query = ((1 - alpha) ** num_steps if estimator.second_order else 1) * (end + 1)
    assert module.w.grad.item() == pytest.approx(of_query + weight * (w - 2), rel=estimator.tolerance)
    # Means of squares: variance 2/3 of the targets, and the squared distance from their mean.
    l_s, l_q = ((w - 2) ** 2 + 2 / 3) / 2, ((end + 1) ** 2 + 2 / 3) / 2
    assert adapted.loss.item() == pytest.approx(l_q + weight * l_s)
    assert adapted.query_loss.item() == pytest.approx(l_q)
    assert adapted.support_losses[0] == pytest.approx(l_s)


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.tensor(3.0, dtype=torch.float64))
        self.u = nn.Parameter(torch.tensor(1.0, dtype=torch.float64))

    def forward(self):
        return self.w, self.u


def test_what_does_not_adapt_is_taught_by_the_support_set_too(estimator, examples):
    # L_S = (w - u)^2 / 2 with w = 3, u = 1; only w adapts: w' = 3 - 0.1 * 2 = 2.8. L_Q = (w' + u)^2 / 2, w' + u = 3.8;
    # dw'/dw = 0.9 and dw'/du = 0.1. The support gradient is (2, -2).
    copies = torch.ones(3, dtype=torch.float64)
    support = examples(lambda net, c: c.mean() * (net()[0] - net()[1]) ** 2 / 2, copies)
    query = examples(lambda net, c: c.mean() * (net()[0] + net()[1]) ** 2 / 2, copies)
    module = Pair()

    estimator(lr=0.1, parameters=["^w$"], support_weight=0.25)(module, support, query).loss.backward()

    by_w, by_u = (3.8 * 0.9, 3.8 * 1.1) if estimator.second_order else (3.8, 3.8)
    assert module.w.grad.item() == pytest.approx(by_w + 0.5, rel=estimator.tolerance)
    assert module.u.grad.item() == pytest.approx(by_u - 0.5, rel=estimator.tolerance)


def test_on_a_network_the_gradient_is_the_sum_of_the_two(estimator, classification):
    module, support, query = classification()

    def gradient(**keys):
        module.zero_grad()
        estimator(lr=0.5, **keys)(module, support, query).loss.backward()
        return {name: p.grad.clone() for name, p in module.named_parameters() if p.grad is not None}

    without, weighted = gradient(), gradient(support_weight=2.0)
    module.zero_grad()
    support(module).backward()
    for name, found in weighted.items():
        torch.testing.assert_close(found, without[name] + 2 * module.get_parameter(name).grad, rtol=1e-6, atol=1e-8)


def test_validation_judges_the_query_set_alone(estimator, classification):
    module, support, query = classification()
    weighted, plain = (estimator(lr=0.5, support_weight=w).judge(module, support, query) for w in (3.0, 0.0))
    assert weighted.loss.item() == plain.loss.item() == weighted.query_loss.item()


@pytest.mark.parametrize("weight", [-0.5, float("inf"), float("nan")])
def test_a_weight_that_is_none_is_refused(weight):
    with pytest.raises(ConfigurationError, match=r"inner_loop\.support_weight is .*; it must be a finite number"):
        InnerLoop.from_params(Params({"type": "exact", "support_weight": weight}))
