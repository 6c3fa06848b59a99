"""A module at any point of the inner loop's trajectory."""

from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor
from torch.func import functional_call
from torch.nn import Embedding, Module

from xlamaml_allennlp.adaptation.inner_loop import trainable_parameters
from xlamaml_allennlp.adaptation.loss import Loss
from xlamaml_allennlp.adaptation.pass_state import PassState
from xlamaml_allennlp.adaptation.passes import Leaf, Pass, differentiate
from xlamaml_allennlp.adaptation.rows import RowLookup, Rows
from xlamaml_allennlp.adaptation.vector import Vector, norm


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


class ReadOutsideLookup(Exception):
    """A model reads an embedding's weight in other ways than a lookup, so touched rows are not all it depends on."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Network:
    """
    A module whose losses can be evaluated at points other than its own parameters, which are left alone.

    # Parameters

    module : `Module`
        The module at theta. Its buffers are copied: passes change the copies.
    adapted : `Container[str]`
        The names of the parameters that adapt.
    tables : `Dict[str, Embedding]`
        The embeddings that work on touched rows, by the name of their weight.
    """

    def __init__(self, module: Module, adapted: Container[str], tables: dict[str, Embedding]) -> None:
        self.module = module
        self.adapted = adapted
        self.trainable = trainable_parameters(module)
        self._tables = tables
        # Leaves of our own, on the same memory: hooks on the parameters (AllenNLP's grad_clipping) are for the
        # meta-gradient, not for the gradients on the way to it.
        self._theta = {name: parameter.detach().requires_grad_() for name, parameter in self.trainable.items()}
        self._buffers = {name: buffer.clone() for name, buffer in module.named_buffers()}
        self._places = _places(module)

    def differentiate(self, loss: Loss, point: Point, names: Container[str], create_graph: bool = False) -> Pass:
        """
        Evaluates a loss and its gradient at a point.

        # Parameters

        loss : `Loss`
            The loss as a function of a network.
        point : `Point`
            Where to evaluate it.
        names : `Container[str]`
            The parameters that the gradient is taken with respect to.
        create_graph : `bool`, optional (default = `False`)
            Whether the gradient can be differentiated again.
        """
        lookups = {name: RowLookup(table, point.shifts.get(name)) for name, table in self._tables.items()}
        weights = {**self._theta, **point.weights}
        value = loss(_View(self, weights, lookups))
        leaves = [Leaf(name, weight, read=name not in lookups) for name, weight in weights.items()]
        for name, lookup in lookups.items():
            height = self._tables[name].num_embeddings
            leaves += [Leaf(name, rows, ids, height) for ids, rows in zip(lookup.ids, lookup.leaves, strict=True)]
        outcome = differentiate(value, leaves, names, create_graph)
        for leaf, gradient in zip(outcome.leaves, outcome.gradients, strict=True):
            if not leaf.read and gradient is not None:
                raise ReadOutsideLookup(leaf.name)
        return outcome

    def moved(self, point: Point, direction: Vector, step: float) -> Point:
        """point + step * direction. Empties `direction`, so that no more than one parameter is held twice."""
        weights, shifts = dict(point.weights), dict(point.shifts)
        for name in list(direction):
            along = direction.pop(name)
            if isinstance(along, Rows):
                shifts[name] = shifts[name].plus(along, step) if name in shifts else along.times(step)
            else:
                start = weights.get(name, self._theta[name])
                weights[name] = start.detach().add(along, alpha=step).requires_grad_()
        return Point(weights, shifts)

    def state(self) -> PassState:
        """What the next pass will draw and read besides weights and examples."""
        return PassState.now(self.module, self._buffers)

    def norm(self) -> float:
        """The length of all trainable parameters, at theta."""
        return norm(self.trainable)

    @contextmanager
    def _looking_up(self, lookups: dict[str, RowLookup]) -> Iterator[None]:
        tables = [self._tables[name] for name in lookups]
        try:
            for table, lookup in zip(tables, lookups.values(), strict=True):
                table.forward = lookup  # type: ignore[method-assign]
            yield
        finally:
            for table in tables:
                table.__dict__.pop("forward", None)


class _View:
    """Something called like the module, at another point."""

    def __init__(self, network: Network, weights: dict[str, Tensor], lookups: dict[str, RowLookup]) -> None:
        self._network = network
        self._weights = weights
        self._lookups = lookups

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        places = self._network._places
        replaced = {
            place: value
            for name, value in {**self._network._buffers, **self._weights}.items()
            for place in places[name]
        }
        with self._network._looking_up(self._lookups):
            # torch's own `tie_weights` would take a module under two names for two, and not put its weight back.
            return functional_call(self._network.module, replaced, args, kwargs, tie_weights=False)


def _places(module: Module) -> dict[str, list[str]]:
    """Where each parameter and buffer is, by the first name that it has: one place for each module that holds it."""
    places: dict[int, list[str]] = {}
    for owner, submodule in module.named_modules():
        for name, tensor in (*submodule._parameters.items(), *submodule._buffers.items()):
            if tensor is not None:
                places.setdefault(id(tensor), []).append(f"{owner}.{name}".lstrip("."))
    return {names[0]: names for names in places.values()}
