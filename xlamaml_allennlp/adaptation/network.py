"""A module at any point of the inner loop's trajectory."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

import torch
from torch import Tensor
from torch.func import functional_call
from torch.nn import Module

from xlamaml_allennlp.adaptation.inner_loop import trainable_parameters
from xlamaml_allennlp.adaptation.loss import Loss, Net
from xlamaml_allennlp.adaptation.norm import euclidean_norm
from xlamaml_allennlp.adaptation.pass_state import PassState
from xlamaml_allennlp.adaptation.passes import Leaf, Pass, differentiate, vector_of
from xlamaml_allennlp.adaptation.rows import Rows
from xlamaml_allennlp.adaptation.table import Table
from xlamaml_allennlp.adaptation.vector import Part, Vector


@dataclass
class Point:
    """
    A point of the parameter space: theta, but for some parameters.

    # Parameters

    weights : `Dict[str, Tensor]`
        The parameters that are not as in theta.
    shifts : `Dict[str, Rows]`
        What is added to the embeddings that work on touched rows.
    """

    weights: dict[str, Tensor] = field(default_factory=dict)
    shifts: dict[str, Rows] = field(default_factory=dict)


class Network:
    """
    A module whose losses can be evaluated at points other than its own parameters, which are left alone.

    # Parameters

    module : `Module`
        The module at theta. Its buffers are copied: passes change the copies.
    adapted : `Container[str]`
        The names of the parameters that adapt.
    tables : `Container[str]`
        The weights of embeddings that work on touched rows.
    """

    def __init__(self, module: Module, adapted: Container[str], tables: Container[str]) -> None:
        self.module = module
        self.adapted = adapted
        self.trainable = trainable_parameters(module)
        self.read_whole: set[str] = set()
        self._tables = tables
        # Leaves of our own, on the same memory: hooks on the parameters (AllenNLP's grad_clipping) are for the
        # meta-gradient, not for the gradients on the way to it.
        self._theta = {name: parameter.detach().requires_grad_() for name, parameter in self.trainable.items()}
        self._buffers = {name: buffer.clone() for name, buffer in module.named_buffers()}
        self._places = _places(module)

    def differentiate(self, loss: Loss, point: Point, names: Container[str]) -> tuple[Tensor, Vector]:
        """
        Evaluates a loss and its gradient at a point.

        # Parameters

        loss : `Loss`
            The loss as a function of a network.
        point : `Point`
            Where to evaluate it.
        names : `Container[str]`
            The parameters that the gradient is taken with respect to.
        """
        value, leaves, tables = self._evaluate(loss, point)
        gradients = differentiate(value, leaves, names)
        self._notice(leaves, gradients, tables)
        return value.detach(), vector_of(leaves, gradients)

    def evaluate(self, loss: Loss, point: Point) -> Tensor:
        """The loss at a point, and nothing to differentiate it by."""
        with torch.no_grad():
            return self._evaluate(loss, point)[0]

    def record(self, loss: Loss, point: Point, names: Container[str]) -> Pass:
        """The same with the graph of the gradient, so that it can be differentiated."""
        value, leaves, tables = self._evaluate(loss, point)
        gradients = differentiate(value, leaves, names, create_graph=True)
        self._notice(leaves, gradients, tables)
        return Pass(value.detach(), leaves, gradients)

    def _evaluate(self, loss: Loss, point: Point) -> tuple[Tensor, list[Leaf], dict[str, Table]]:
        weights = {**self._theta, **point.weights}
        tables = {name: Table(weights[name], point.shifts.get(name)) for name in weights if name in self._tables}
        value = loss(View(self, {**weights, **{name: table.stand_in() for name, table in tables.items()}}))
        leaves = [Leaf(name, tables[name].whole if name in tables else weight) for name, weight in weights.items()]
        for name, table in tables.items():
            leaves += [Leaf(name, rows, ids, len(table.whole)) for ids, rows in table.rows]
        return value, leaves, tables

    def _notice(self, leaves: list[Leaf], gradients: list[Optional[Tensor]], tables: dict[str, Table]) -> None:
        """Remembers the embeddings of which a loss depends on the whole."""
        for leaf, gradient in zip(leaves, gradients, strict=True):
            if gradient is None or leaf.ids is not None or leaf.name not in tables:
                continue
            if tables[leaf.name].was_missed:
                raise RuntimeError(
                    f"The query loss reads {leaf.name} by a function that torch does not know, as the support loss "
                    "does not, and so at theta instead of theta'. Leave it out of inner_loop.parameters."
                )
            self.read_whole.add(leaf.name)

    def moved(self, point: Point, direction: Mapping[str, Part], step: float) -> Point:
        """point + step * direction, as far as it adapts."""
        weights, shifts = dict(point.weights), dict(point.shifts)
        whole: dict[str, Tensor] = {}
        for name, along in direction.items():
            if name not in self.adapted:
                continue
            if isinstance(along, Tensor) and name not in shifts:
                whole[name] = along
                continue
            if isinstance(along, Rows) and name not in weights:
                shifts[name] = shifts[name].plus(along, step) if name in shifts else along * step
                continue
            start = weights.get(name, self._theta[name]).detach()
            if isinstance(along, Rows):
                moved = start.index_add(0, along.ids, along.values, alpha=step)
            else:
                moved = start.add(along, alpha=step)
            if name in shifts:
                shift = shifts.pop(name)
                moved.index_add_(0, shift.ids, shift.values)
            weights[name] = moved.requires_grad_()
        if whole:
            # At once: on a GPU starting a kernel for each would cost more than the sums.
            starts = [weights.get(name, self._theta[name]).detach() for name in whole]
            ends = torch._foreach_add(starts, list(whole.values()), alpha=step)
            weights.update({name: end.requires_grad_() for name, end in zip(whole, ends, strict=True)})
        return Point(weights, shifts)

    def state(self) -> PassState:
        """What the next pass will draw and read besides weights and examples."""
        return PassState.now(self.module, self._buffers)

    def norm(self) -> float:
        """The length of all trainable parameters, at theta."""
        return euclidean_norm(self.trainable.values())


class View:
    """
    Something called like the module, at another point.

    # Parameters

    network : `Network`
        The module, and the buffers that passes work on.
    weights : `Dict[str, Tensor]`
        All trainable parameters there.
    """

    def __init__(self, network: Network, weights: dict[str, Tensor]) -> None:
        self.module = network.module
        self._network = network
        self._weights = weights

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        places = self._network._places
        replaced = {
            place: value
            for name, value in {**self._network._buffers, **self._weights}.items()
            for place in places[name]
        }
        # torch's own `tie_weights` would take a module under two names for two, and not put its weight back.
        return functional_call(self.module, replaced, args, kwargs, tie_weights=False)


def _places(module: Module) -> dict[str, list[str]]:
    """Where each parameter and buffer is, by the first name that it has: one place for each module that holds it."""
    places: dict[int, list[str]] = {}
    for owner, submodule in module.named_modules():
        for name, tensor in (*submodule._parameters.items(), *submodule._buffers.items()):
            if tensor is not None:
                places.setdefault(id(tensor), []).append(f"{owner}.{name}".lstrip("."))
    return {names[0]: names for names in places.values()}


def module_of(net: Net) -> Any:
    """What a loss's network is, or is a view of."""
    return net.module if isinstance(net, View) else net
