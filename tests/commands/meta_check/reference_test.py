"""The reference against paper and pencil."""

import pytest
import torch

from xlamaml_allennlp.commands.meta_check.reference import Reference, reference_of

ALPHA, START, A, B = 0.3, 2.0, 0.5, -1.0


class Weight(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.w = torch.nn.Parameter(torch.tensor(START))

    def forward(self) -> torch.Tensor:
        return self.w


def support(net):
    return (net() - A) ** 2 / 2


def query(net):
    return (net() - B) ** 2 / 2


def reference(steps: int = 1) -> Reference:
    return reference_of(Weight().double(), support, query, {"lr": ALPHA, "num_steps": steps})


@pytest.mark.parametrize("steps", [1, 3])
def test_gradient_term_and_slopes_of_a_quadratic_are_the_closed_form(steps):
    # w' - a shrinks by 1 - alpha in every step, and d w' / d w is (1 - alpha) ^ steps.
    shrunk = (1 - ALPHA) ** steps
    first_order = A + shrunk * (START - A) - B
    found = reference(steps)
    assert float(found.gradient["w"]) == pytest.approx(shrunk * first_order)
    assert float(found.second_order["w"]) == pytest.approx((shrunk - 1) * first_order)
    assert found.size_of_second_order == pytest.approx((1 - shrunk) / shrunk)
    # Along the gradient the objective rises; the second-order term points the other way.
    assert found.slope_along_gradient == pytest.approx(shrunk * abs(first_order), rel=1e-5)
    assert found.slope_along_second_order == pytest.approx(-shrunk * abs(first_order), rel=1e-5)


def test_the_module_is_as_before_and_the_reference_survives_a_file(tmp_path):
    module = Weight().double()
    found = reference_of(module, support, query, {"lr": ALPHA})
    assert module.w.item() == START
    assert module.w.grad is None
    found.save(tmp_path / "reference.pt")
    again = Reference.load(tmp_path / "reference.pt")
    assert again.slope_along_gradient == found.slope_along_gradient
    assert torch.equal(again.gradient["w"], found.gradient["w"])


def test_errors_of_the_truth_are_none_and_those_of_a_first_order_estimate_are_the_whole_term():
    found = reference()
    first_order = {"w": found.gradient["w"] - found.second_order["w"]}
    assert max(found.errors(found.gradient, first_order).values()) < 1e-5
    errors = found.errors(first_order, first_order)
    assert errors["second_order"] == pytest.approx(1)
    assert errors["second_order_slope"] == pytest.approx(1, rel=1e-4)
    assert errors["gradient"] == pytest.approx(ALPHA / (1 - ALPHA))
    assert errors["slope"] == pytest.approx(ALPHA / (1 - ALPHA), rel=1e-5)


def test_what_is_off_by_a_factor_shows_in_every_column():
    found = reference()
    first_order = {"w": found.gradient["w"] - found.second_order["w"]}
    errors = found.errors({"w": 1.1 * found.gradient["w"]}, {"w": 1.1 * first_order["w"]})
    assert all(error == pytest.approx(0.1, rel=1e-4) for error in errors.values())


def test_finite_differences_find_what_autograd_does_not_see():
    def detached(net):
        return (net().detach() - B) ** 2 / 2 + query(net)

    found = reference_of(Weight().double(), support, detached, {"lr": ALPHA})
    # Half of the query loss is a constant to autograd.
    assert found.errors(found.gradient, {})["slope"] == pytest.approx(1, rel=1e-4)
