"""The errors of finite differences are those of their schemes."""

import pytest
import torch

from xlamaml_allennlp.adaptation import ExactInnerLoop, FirstOrderInnerLoop, HessianFreeInnerLoop


def meta_gradient(module, losses, inner_loop):
    module.zero_grad()
    inner_loop(module, *losses).loss.backward()
    return torch.cat([parameter.grad.flatten() for parameter in module.parameters() if parameter.grad is not None])


@pytest.mark.parametrize(("scheme", "order"), [("forward", 1), ("central", 2)])
def test_a_step_ten_times_smaller_is_ten_to_the_order_nearer_to_exact(classification, scheme, order):
    module, *losses = classification()
    exact = meta_gradient(module, losses, ExactInnerLoop(lr=0.1))
    coarse, fine = (
        (meta_gradient(module, losses, HessianFreeInnerLoop(lr=0.1, scheme=scheme, relative_step=step)) - exact).norm()
        for step in (1e-3, 1e-4)
    )
    assert coarse / fine == pytest.approx(10**order, rel=0.1)


@pytest.mark.parametrize("scheme", ["forward", "central"])
def test_in_float32_it_is_as_near_as_the_default_step_promises(classification, scheme):
    # Of the second-order term, lr H_S v: under 1 %.
    module, *losses = classification(dtype=torch.float32)
    exact = meta_gradient(module, losses, ExactInnerLoop(lr=0.1))
    without = meta_gradient(module, losses, FirstOrderInnerLoop(lr=0.1))
    found = meta_gradient(module, losses, HessianFreeInnerLoop(lr=0.1, scheme=scheme))
    assert (found - exact).norm() < 0.01 * (exact - without).norm()


def test_a_query_gradient_of_zero_needs_no_difference(examples, vector):
    module = vector(1.0, 2.0)
    one = torch.ones(1, dtype=torch.float64)
    support = examples(lambda net, ones: (net() ** 2).sum() * ones.mean(), one)
    query = examples(lambda net, ones: 0 * net().sum() * ones.mean(), one)
    HessianFreeInnerLoop()(module, support, query).loss.backward()
    assert module.w.grad.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("scheme", ["forward", "central"])
@pytest.mark.parametrize("start", [0.0, 1e-6])
def test_biases_near_zero_may_adapt_alone(classification, scheme, start):
    """The length of what adapts would be no measure of a step: of nothing, or drowned in float32's rounding."""
    module, *losses = classification(dtype=torch.float32)
    torch.nn.init.constant_(module.out.bias, start)
    loops = (
        loop(lr=1.0, parameters=["out.bias"], **keys)
        for loop, keys in ((ExactInnerLoop, {}), (FirstOrderInnerLoop, {}), (HessianFreeInnerLoop, {"scheme": scheme}))
    )
    exact, without, found = (meta_gradient(module, losses, loop) for loop in loops)
    assert (found - exact).norm() < 0.02 * (exact - without).norm()


def test_parameters_that_are_all_zero_adapt(examples, vector):
    # L_S = w^2 / 2 and L_Q = (w - 1)^2 / 2 with alpha = 0.5 at w = 0: (1 - 0.5) (w' - 1) = -0.5.
    module = vector(0.0)
    one = torch.ones(1, dtype=torch.float64)
    support, query = (
        examples(lambda net, ones, to=target: ((net() - to) ** 2 / 2).sum() * ones.mean(), one) for target in (0.0, 1.0)
    )
    HessianFreeInnerLoop(lr=0.5)(module, support, query).loss.backward()
    assert module.w.grad.item() == pytest.approx(-0.5)


def test_an_infinite_query_gradient_is_shown_not_divided_by(examples, vector):
    module = vector(1.0)
    one = torch.ones(1, dtype=torch.float64)
    support = examples(lambda net, ones: (net() ** 2).sum() * ones.mean(), one)
    query = examples(lambda net, ones: net().sum() * float("inf") * ones.mean(), one)
    HessianFreeInnerLoop(lr=0.1)(module, support, query).loss.backward()
    assert not module.w.grad.isfinite()
