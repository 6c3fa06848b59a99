"""What estimators are measured against: the meta-gradient in float64, and finite differences of the meta-objective."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from allennlp.common import Params
from torch.nn import Module

from xlamaml_allennlp.adaptation import InnerLoop, Loss
from xlamaml_allennlp.commands.meta_check.gradients import Gradient, difference, dot, length, meta_gradient

RELATIVE_STEP = 1e-8
"""Length of a perturbation relative to that of theta: of the third derivative nothing is left, and
float64 keeps some seven digits of the slope."""


@dataclass
class Reference:
    """
    One episode's reference, all in float64 and without dropout.

    # Parameters

    gradient : `Gradient`
        The meta-gradient by `exact`.
    second_order : `Gradient`
        Its second-order term: the difference to the first-order estimate.
    slope_along_gradient, slope_along_second_order : `float`
        The derivatives of L_Q(theta'(theta)) in the directions of these two, by central differences: theta is moved,
        and the inner loop and the query loss are computed anew.
    """

    gradient: Gradient
    second_order: Gradient
    slope_along_gradient: float
    slope_along_second_order: float

    @property
    def size_of_second_order(self) -> float:
        """Length of the second-order term relative to the meta-gradient."""
        whole = length(self.gradient)
        return length(self.second_order) / whole if whole else 0.0

    def errors(self, gradient: Gradient, first_order: Gradient) -> dict[str, float]:
        """
        How far an estimate is off, each relative to the length of what is estimated.

        # Parameters

        gradient : `Gradient`
            The estimate.
        first_order : `Gradient`
            The first-order estimate in the same precision; the difference is the estimate's second-order term.
        """
        whole, term = length(self.gradient), length(self.second_order)
        own_term = difference(gradient, first_order)
        # What a finite difference says of the second-order term alone.
        slope = self.slope_along_second_order - _ratio(
            dot(difference(self.gradient, self.second_order), self.second_order), term
        )
        return {
            "gradient": _ratio(length(difference(gradient, self.gradient)), whole),
            "second_order": _ratio(length(difference(own_term, self.second_order)), term),
            "slope": _ratio(abs(_ratio(dot(gradient, self.gradient), whole) - self.slope_along_gradient), whole),
            "second_order_slope": _ratio(abs(_ratio(dot(own_term, self.second_order), term) - slope), term),
        }

    def save(self, path: Path) -> None:
        torch.save(asdict(self), path)

    @classmethod
    def load(cls, path: Path) -> "Reference":
        # Mapped: for a large model these are gigabytes, and needed once.
        return cls(**torch.load(path, mmap=True, weights_only=True))


def reference_of(module: Module, support: Loss, query: Loss, keys: Mapping[str, Any]) -> Reference:
    """
    The reference of one episode.

    # Parameters

    module : `Module`
        The model in float64, without dropout.
    support, query : `Loss`
        The episode's losses.
    keys : `Mapping[str, Any]`
        The inner loop's settings, those that `exact` and `first_order` take.
    """
    exact, first_order = (InnerLoop.from_params(Params({**keys, "type": name})) for name in ("exact", "first_order"))
    gradient = meta_gradient(exact, module, support, query)
    second_order = difference(gradient, meta_gradient(first_order, module, support, query))

    def objective() -> float:
        torch.manual_seed(0)
        return first_order(module, support, query).loss.item()

    theta = dict(module.named_parameters())
    step = RELATIVE_STEP * max(length({name: parameter.detach() for name, parameter in theta.items()}), 1.0)
    slopes = []
    for direction in (gradient, second_order):
        size = length(direction)
        if size == 0:
            slopes.append(0.0)
            continue
        values = []
        for sign in (1, -1):
            with _moved(module, direction, sign * step / size):
                values.append(objective())
        slopes.append((values[0] - values[1]) / (2 * step))
    return Reference(gradient, second_order, *slopes)


@contextmanager
def _moved(module: Module, direction: Gradient, step: float) -> Iterator[None]:
    """theta + step * direction for a while."""
    theta = dict(module.named_parameters())
    before = {name: theta[name].detach().clone() for name in direction}
    with torch.no_grad():
        for name, along in direction.items():
            theta[name].add_(along, alpha=step)
    try:
        yield
    finally:
        with torch.no_grad():
            for name, value in before.items():
                theta[name].copy_(value)


def _ratio(value: float, whole: float) -> float:
    """0 / 0 is no error."""
    return value / whole if whole else (0.0 if value == 0 else float("inf"))
