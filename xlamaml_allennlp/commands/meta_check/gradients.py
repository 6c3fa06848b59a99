"""Meta-gradients as vectors, and how far apart two of them are."""

import math
from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import Module

from xlamaml_allennlp.adaptation import InnerLoop, Loss, euclidean_norm

Gradient = dict[str, Tensor]
"""By name of the parameter; one without a gradient is zero and missing."""


def meta_gradient(inner_loop: InnerLoop, module: Module, support: Loss, query: Loss) -> Gradient:
    """The meta-gradient of one episode, always from the same random state. The module's `.grad` are left empty."""
    module.zero_grad(set_to_none=True)
    torch.manual_seed(0)
    inner_loop(module, support, query).loss.backward()
    gradient = {name: parameter.grad for name, parameter in module.named_parameters() if parameter.grad is not None}
    module.zero_grad(set_to_none=True)
    return gradient


def dot(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> float:
    """The inner product, summed in float64."""
    return math.fsum(float((one[name].double() * other[name].double()).sum()) for name in one if name in other)


def length(gradient: Mapping[str, Tensor]) -> float:
    return euclidean_norm(gradient.values())


def difference(one: Mapping[str, Tensor], other: Mapping[str, Tensor]) -> Gradient:
    """one - other, in float64."""
    names = [*one, *(name for name in other if name not in one)]
    return {name: _minus(one.get(name), other.get(name)) for name in names}


def _minus(one: "Tensor | None", other: "Tensor | None") -> Tensor:
    if one is None:
        assert other is not None
        return -other.double()
    return one.double() if other is None else one.double() - other.double()
