"""Vectors of the parameter space: gradients, and the directions that parameters move in."""

import math
from collections.abc import Container, Mapping
from typing import Union

from torch import Tensor

from xlamaml_allennlp.adaptation.rows import Rows

Vector = dict[str, Union[Tensor, Rows]]
"""By name of the parameter; one that is missing is zero, and no loss depends on that parameter."""


def plus(first: Vector, second: Vector, alpha: float) -> Vector:
    """first + alpha * second. Empties both, so that no more than one parameter is held twice."""
    total: Vector = {}
    for name in [*first, *(name for name in second if name not in first)]:
        one, other = first.pop(name, None), second.pop(name, None)
        if other is None:
            total[name] = one  # type: ignore[assignment]  # one of them is there
        elif one is None:
            total[name] = _times(other, alpha)
        else:
            total[name] = _plus(one, other, alpha)
    return total


def restricted(vector: Vector, names: Container[str]) -> Vector:
    """The part of a vector that belongs to these parameters."""
    return {name: value for name, value in vector.items() if name in names}


def norm(vector: Mapping[str, Union[Tensor, Rows]]) -> float:
    """The Euclidean length."""
    values = (value.values if isinstance(value, Rows) else value for value in vector.values())
    return math.sqrt(sum(float(value.detach().norm()) ** 2 for value in values))


def _times(value: Union[Tensor, Rows], factor: float) -> Union[Tensor, Rows]:
    if factor == 1:
        return value
    return value.times(factor) if isinstance(value, Rows) else value * factor


def _plus(one: Union[Tensor, Rows], other: Union[Tensor, Rows], alpha: float) -> Union[Tensor, Rows]:
    if isinstance(one, Rows):
        assert isinstance(other, Rows)
        return one.plus(other, alpha)
    # Not in place: what autograd returns may be one tensor for two parameters, or a view of a constant.
    return one.add(other, alpha=alpha)  # type: ignore[arg-type]
