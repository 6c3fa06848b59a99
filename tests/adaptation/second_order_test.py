"""The estimators against differentiation by hand through the unrolled inner loop, and against `higher`."""

import pytest
import torch
from torch.func import functional_call

from xlamaml_allennlp.adaptation import HigherInnerLoop


def double_loop(module, support, query, lr, num_steps, second_order, adapted=None):
    """MAML as in a textbook: every step by torch.autograd.grad, the graph kept for the second order."""
    theta = dict(module.named_parameters())
    names = adapted or list(theta)
    fast = {name: parameter.clone() for name, parameter in theta.items()}

    def network(*args):
        return functional_call(module, fast, args)

    for _ in range(num_steps):
        inputs = [fast[name] for name in names]
        gradients = torch.autograd.grad(support(network), inputs, create_graph=second_order, allow_unused=True)
        for name, gradient in zip(names, gradients, strict=True):
            if gradient is not None:
                fast[name] = fast[name] - lr * gradient
    return dict(zip(theta, torch.autograd.grad(query(network), theta.values(), allow_unused=True), strict=True))


def assert_close(module, expected, tolerance):
    """Relative difference over all parameters; and the same ones have none."""
    found = {name: parameter.grad for name, parameter in module.named_parameters()}
    assert {name for name in found if found[name] is None} == {name for name in expected if expected[name] is None}
    names = [name for name in found if found[name] is not None]
    difference = sum(((found[name] - expected[name]) ** 2).sum() for name in names).sqrt()
    assert difference <= tolerance * sum((expected[name] ** 2).sum() for name in names).sqrt()


@pytest.mark.parametrize("num_steps", [1, 3])
@pytest.mark.parametrize("adapted", [None, ["out.weight", "out.bias"], ["words.weight", "layer.weight"]])
def test_it_agrees_with_a_double_loop_by_hand(estimator, classification, num_steps, adapted):
    module, support, query = classification()
    expected = double_loop(module, support, query, 0.5, num_steps, estimator.second_order, adapted)
    inner_loop = estimator(lr=0.5, num_steps=num_steps, parameters=adapted)
    inner_loop(module, support, query).loss.backward()
    assert_close(module, expected, 100 * estimator.tolerance if "free" in estimator.form else 1e-10)


def by_higher(module, support, query, seed, **keys):
    torch.manual_seed(seed)
    loss = HigherInnerLoop(**keys)(module, support, query).loss
    return dict(
        zip(
            dict(module.named_parameters()),
            torch.autograd.grad(loss, list(module.parameters()), allow_unused=True),
            strict=True,
        )
    )


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-10), (torch.float32, 1e-5)])
@pytest.mark.parametrize("form", ["exact", "exact whole but made again"])
@pytest.mark.parametrize("num_steps", [1, 4])
def test_exact_agrees_with_higher_under_dropout(exact, classification, form, num_steps, dtype, tolerance):
    module, support, query = classification(dropout=0.4, dtype=dtype)
    expected = by_higher(module, support, query, 7, lr=0.3, num_steps=num_steps)
    inner_loop = exact(lr=0.3, num_steps=num_steps, micro_batch_size=None if form == "exact" else support.size)
    torch.manual_seed(7)
    inner_loop(module, support, query).loss.backward()
    assert_close(module, expected, tolerance)
