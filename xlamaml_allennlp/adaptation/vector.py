"""Vectors of the parameter space: gradients, and the directions that parameters move in."""

import math
from collections.abc import Container, Mapping
from typing import Literal, Union

import torch
from torch import Tensor

from xlamaml_allennlp.adaptation.rows import Rows

Vector = dict[str, Union[Tensor, Rows]]
"""By name of the parameter; one that is missing is zero, and no loss depends on that parameter."""


def plus(first: Vector, second: Vector, alpha: float, spare: Literal["first", "second", "none"] = "none") -> Vector:
    """
    first + alpha * second. Empties both, so that no more than one parameter is held twice.

    `spare` says whose tensors are nobody else's: the sum is written over them, which spares the memory and the time to
    get it. What autograd returns is not spare: it may be one tensor for two parameters, or a view of a constant.
    """
    total: Vector = {}
    for name in [*first, *(name for name in second if name not in first)]:
        one, other = first.pop(name, None), second.pop(name, None)
        if other is None:
            total[name] = one  # type: ignore[assignment]  # one of them is there
        elif one is None:
            total[name] = _times(other, alpha)
        else:
            total[name] = _plus(one, other, alpha, spare)
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


def _plus(one: Union[Tensor, Rows], other: Union[Tensor, Rows], alpha: float, spare: str) -> Union[Tensor, Rows]:
    if isinstance(one, Rows):
        assert isinstance(other, Rows)
        return one.plus(other, alpha)
    assert isinstance(other, Tensor)
    return torch.add(one, other, alpha=alpha, out={"first": one, "second": other}.get(spare))
