"""Vectors of the parameter space: gradients, and the directions that parameters move in."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Optional, Union

import torch
from torch import Tensor

from xlamaml_allennlp.adaptation.norm import euclidean_norm
from xlamaml_allennlp.adaptation.rows import Rows

Part = Union[Tensor, Rows]


class Vector(Mapping[str, Part]):
    """
    A vector of the parameter space, by name of the parameter; one that is missing is zero, and no loss depends on that
    parameter.

    It owns its tensors: nobody else holds them, so that sums are written over them.

    # Parameters

    parts : `Dict[str, Union[Tensor, Rows]]`, optional (default = `None`)
        What it takes over.
    """

    def __init__(self, parts: Optional[dict[str, Part]] = None) -> None:
        self._parts = {} if parts is None else parts

    def __getitem__(self, name: str) -> Part:
        return self._parts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def add_(self, other: Mapping[str, Part], alpha: float) -> "Vector":
        """self + alpha * other, in place; the other stays as it is, and shares nothing with this one."""
        # Matrices over matrices all at once: on a GPU starting a kernel for each would cost more than the sums.
        ones, others = [], []
        for name, part in other.items():
            one = self._parts.get(name)
            if isinstance(one, Tensor) and isinstance(part, Tensor):
                ones.append(one)
                others.append(part)
            else:
                self._parts[name] = part * alpha if one is None else _sum(one, part, alpha)
        if ones:
            torch._foreach_add_(ones, others, alpha=alpha)
        return self

    def scale_(self, factor: float) -> "Vector":
        """factor * self, in place."""
        if factor != 1 and self._parts:
            torch._foreach_mul_([numbers_of(part) for part in self._parts.values()], factor)
        return self


def norm_of(vector: Mapping[str, Part], names: Container[str]) -> float:
    """The Euclidean length of what of a vector belongs to some parameters."""
    return euclidean_norm(numbers_of(part) for name, part in vector.items() if name in names)


def numbers_of(part: Part) -> Tensor:
    """What of a part may differ from zero."""
    return part.values if isinstance(part, Rows) else part


def own(values: Sequence[Tensor], leaves: Sequence[Tensor], others: Iterable[Tensor] = ()) -> list[Tensor]:
    """
    Gradients that nobody else holds, each laid out as its leaf: those that autograd made for their leaf alone as they
    are, of the rest copies.

    Autograd may give one tensor to two leaves (of a sum), two views of one tensor, a view of a constant, or what it was
    given itself.

    # Parameters

    values : `Sequence[Tensor]`
        The gradients.
    leaves : `Sequence[Tensor]`
        What they are the gradients of.
    others : `Iterable[Tensor]`, optional (default = `()`)
        Other tensors that they may lie on.
    """
    taken = {_memory(tensor) for tensor in (*leaves, *others)}
    owned = []
    for value, leaf in zip(values, leaves, strict=True):
        alone = _is_all_of_its_memory(value, leaf) and _memory(value) not in taken
        taken.add(_memory(value))
        owned.append(value if alone else torch.empty_like(leaf).copy_(value))
    return owned


def _memory(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def _is_all_of_its_memory(value: Tensor, leaf: Tensor) -> bool:
    size = value.numel() * value.element_size()
    return value.stride() == leaf.stride() and value.untyped_storage().nbytes() == size


def _sum(one: Part, other: Part, alpha: float) -> Part:
    """one + alpha * other where one of them is of rows, over the memory of one where it can hold it."""
    if isinstance(one, Rows):
        return one.plus(other, alpha) if isinstance(other, Rows) else one.dense().add_(other, alpha=alpha)
    assert isinstance(other, Rows)
    return one.index_add_(0, other.ids, other.values, alpha=alpha)
