"""One evaluation of a loss, its gradient, and the Hessian's product with a vector."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

import torch
from torch import Tensor

from xlamaml_allennlp.adaptation.rows import Rows
from xlamaml_allennlp.adaptation.vector import Part, Vector, own


@dataclass
class Leaf:
    """
    What a loss was evaluated at: a parameter, or those of its rows that one lookup touched.

    # Parameters

    name : `str`
        The parameter's name.
    value : `Tensor`
        The leaf of the graph.
    ids : `Tensor`, optional (default = `None`)
        The numbers of the rows. Shape: (n,)
    height : `int`, optional (default = `0`)
        The number of rows of the whole matrix.
    """

    name: str
    value: Tensor
    ids: Optional[Tensor] = None
    height: int = 0


@dataclass
class Pass:
    """
    One evaluation of a loss and its gradient, with the graph of both.

    # Parameters

    loss : `Tensor`
        The scalar, without its graph.
    leaves : `List[Leaf]`
        Everything trainable that the loss could depend on.
    gradients : `List[Optional[Tensor]]`
        The gradient with respect to each leaf; `None` where it was not asked for or the loss does not depend on it.
    """

    loss: Tensor
    leaves: list[Leaf]
    gradients: list[Optional[Tensor]]

    def gradient(self) -> Mapping[str, Part]:
        """The gradient, to be read only: it lies in the memory of the graph."""
        return _by_parameter(self.leaves, [None if found is None else found.detach() for found in self.gradients])

    def hessian_product(self, direction: Mapping[str, Part], names: Container[str]) -> Vector:
        """The derivative of <gradient, direction>, both of the parameters `names`, by all leaves. Frees the graph."""
        outputs, weights = [], []
        for leaf, gradient in zip(self.leaves, self.gradients, strict=True):
            along = direction.get(leaf.name) if leaf.name in names else None
            if along is not None and gradient is not None and gradient.requires_grad:
                outputs.append(gradient)
                weights.append(_along(leaf, along))
        if not outputs:
            return Vector()
        products = torch.autograd.grad(outputs, [leaf.value for leaf in self.leaves], weights, allow_unused=True)
        return vector_of(self.leaves, products, weights)


def differentiate(
    loss: Tensor, leaves: list[Leaf], names: Container[str], create_graph: bool = False
) -> list[Optional[Tensor]]:
    """The gradient of a loss with respect to each leaf, if it is of the parameters `names`."""
    inputs = [leaf.value for leaf in leaves if leaf.name in names]
    found = iter(torch.autograd.grad(loss, inputs, create_graph=create_graph, allow_unused=True))
    return [next(found) if leaf.name in names else None for leaf in leaves]


def vector_of(leaves: Sequence[Leaf], values: Sequence[Optional[Tensor]], others: Iterable[Tensor] = ()) -> Vector:
    """What autograd returned for these leaves as a vector, which owns it; `others` is what autograd was given."""
    pairs = [(leaf, value) for leaf, value in zip(leaves, values, strict=True) if value is not None]
    owned = own([value for _, value in pairs], [leaf.value for leaf, _ in pairs], others)
    return Vector(_by_parameter([leaf for leaf, _ in pairs], owned))


def _by_parameter(leaves: Sequence[Leaf], values: Sequence[Optional[Tensor]]) -> dict[str, Part]:
    """The values of leaves as parts of a vector: rows, unless the whole matrix has a value too."""
    parts: dict[str, Part] = {}
    lookups: dict[str, list[tuple[Leaf, Tensor]]] = {}
    for leaf, value in zip(leaves, values, strict=True):
        if value is not None and leaf.ids is not None:
            lookups.setdefault(leaf.name, []).append((leaf, value))
        elif value is not None:
            parts[leaf.name] = value
    for name, touched in lookups.items():
        ids, values_of_rows = [leaf.ids for leaf, _ in touched], [value for _, value in touched]
        rows = Rows.collected(ids, values_of_rows, touched[0][0].height)  # type: ignore[arg-type]
        parts[name] = rows.dense().add_(parts[name]) if name in parts else rows  # type: ignore[arg-type]
    return parts


def _along(leaf: Leaf, part: Part) -> Tensor:
    """What of a direction's part for a parameter belongs to a leaf."""
    if isinstance(part, Rows):
        return part.dense() if leaf.ids is None else part.at(leaf.ids)
    return part if leaf.ids is None else part[leaf.ids]
