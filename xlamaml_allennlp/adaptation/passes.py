"""One evaluation of a loss, its gradient, and the Hessian's product with a vector."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Optional

import torch
from torch import Tensor

from xlamaml_allennlp.adaptation.rows import Rows
from xlamaml_allennlp.adaptation.vector import Vector


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
    read : `bool`, optional (default = `True`)
        Whether the loss may depend on it: not on the whole of a matrix whose rows are looked up.
    """

    name: str
    value: Tensor
    ids: Optional[Tensor] = None
    height: int = 0
    read: bool = True


@dataclass
class Pass:
    """
    One evaluation of a loss and its gradient.

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

    def gradient(self) -> Vector:
        """The gradient as a vector of the parameter space, without its graph."""
        return self._vector([None if gradient is None else _without_graph(gradient) for gradient in self.gradients])

    def hessian_product(self, direction: Vector) -> Vector:
        """
        The derivative of <gradient, direction> with respect to all leaves. Frees the graph.

        The gradient has to have been taken with `create_graph`.
        """
        outputs, weights = [], []
        for leaf, gradient in zip(self.leaves, self.gradients, strict=True):
            along = direction.get(leaf.name)
            if along is not None and gradient is not None and gradient.requires_grad:
                outputs.append(gradient)
                weights.append(along.at(leaf.ids) if isinstance(along, Rows) else along)  # type: ignore[arg-type]
        if not outputs:
            return {}
        products = torch.autograd.grad(outputs, [leaf.value for leaf in self.leaves], weights, allow_unused=True)
        return self._vector(products)

    def _vector(self, values: Sequence[Optional[Tensor]]) -> Vector:
        vector: Vector = {}
        lookups: dict[str, list[tuple[Leaf, Tensor]]] = {}
        for leaf, value in zip(self.leaves, values, strict=True):
            if value is not None and leaf.ids is not None:
                lookups.setdefault(leaf.name, []).append((leaf, value))
            elif value is not None:
                vector[leaf.name] = value
        for name, touched in lookups.items():
            ids, rows = [leaf.ids for leaf, _ in touched], [value for _, value in touched]
            vector[name] = Rows.collected(ids, rows, touched[0][0].height)  # type: ignore[arg-type]
        return vector


def _without_graph(gradient: Tensor) -> Tensor:
    # Autograd gives parameters that are only added one and the same tensor, and copies it on the way to `.grad`. Two
    # tensors on the same memory it would hand out as they are, and clipping would shorten that gradient twice.
    return gradient.detach() if gradient.requires_grad else gradient


def differentiate(loss: Tensor, leaves: list[Leaf], names: Container[str], create_graph: bool) -> Pass:
    """A pass from a loss: its gradient with respect to the leaves of the parameters `names`, and all not to be read."""
    wanted = [leaf.name in names or not leaf.read for leaf in leaves]
    inputs = [leaf.value for leaf, want in zip(leaves, wanted, strict=True) if want]
    found = iter(torch.autograd.grad(loss, inputs, create_graph=create_graph, allow_unused=True))
    return Pass(loss.detach(), leaves, [next(found) if want else None for want in wanted])
