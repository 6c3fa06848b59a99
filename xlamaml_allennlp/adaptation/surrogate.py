"""A scalar that carries a gradient already computed into `backward()`."""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import Parameter

from xlamaml_allennlp.adaptation.rows import Rows
from xlamaml_allennlp.adaptation.vector import Part, Vector, numbers_of


def loss_with_gradient(value: Tensor, parameters: dict[str, Parameter], gradient: Vector) -> Tensor:
    """
    A scalar equal to `value` whose `backward()` adds `gradient`, times what it was multiplied by, to the parameters.

    Accumulation, clipping and schedules thus need no second path. As with any loss, `backward()` works once: it gives
    the vector's own tensors away.
    """
    names = [name for name in parameters if name in gradient]
    values = [gradient[name] for name in names]
    return _LossWithGradient.apply(value, values, *(parameters[name] for name in names))


class _LossWithGradient(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, value: Tensor, gradient: list[Part], *parameters: Parameter) -> Tensor:
        ctx.gradient = gradient
        return value.detach().clone()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, scale: Tensor) -> tuple[Any, ...]:
        gradient, ctx.gradient = ctx.gradient, None
        if gradient is None:
            raise RuntimeError("The gradient of this loss has been given out already: backward() works once.")
        gradient.reverse()
        # Who asks a GPU for a number waits for it. To multiply by 1 there changes nothing, and costs less.
        factor = scale if scale.is_cuda or scale.item() != 1 else None
        if factor is not None:
            _scale([numbers_of(part) for part in gradient], factor)
        # Popped one by one, so that no more than one parameter is held twice.
        return (None, None, *(_whole(gradient.pop()) for _ in range(len(gradient))))


def _scale(numbers: list[Tensor], factor: Tensor) -> None:
    """factor * numbers, in place: at once what has one precision and lies on one device."""
    alike: dict[tuple[torch.dtype, torch.device], list[Tensor]] = {}
    for tensor in numbers:
        alike.setdefault((tensor.dtype, tensor.device), []).append(tensor)
    for (dtype, device), tensors in alike.items():
        torch._foreach_mul_(tensors, factor.to(device, dtype))


def _whole(part: Part) -> Tensor:
    return part.dense() if isinstance(part, Rows) else part
