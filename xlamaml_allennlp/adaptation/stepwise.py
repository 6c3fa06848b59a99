"""What the estimators that walk the inner loop one step at a time have in common."""

import logging
from collections.abc import Callable, Container, Mapping
from typing import Literal, Optional
from weakref import WeakKeyDictionary

import torch
from allennlp.common.checks import ConfigurationError
from torch import Tensor
from torch.nn import Module

from xlamaml_allennlp.adaptation.adapted import Adapted, numbers
from xlamaml_allennlp.adaptation.inner_loop import InnerLoop
from xlamaml_allennlp.adaptation.learned_rates import LearnedRates
from xlamaml_allennlp.adaptation.lesson import Lesson
from xlamaml_allennlp.adaptation.loss import Loss, parts
from xlamaml_allennlp.adaptation.network import Network, Point
from xlamaml_allennlp.adaptation.rate_schedule import RateSchedule
from xlamaml_allennlp.adaptation.rows import embedding_tables
from xlamaml_allennlp.adaptation.stride import RatedStride, Stride
from xlamaml_allennlp.adaptation.vector import Part, Vector, norm_of

logger = logging.getLogger(__name__)

# From a network, a support loss and a query loss to what came out of them.
Episode = Callable[[Network, Loss, Loss], Adapted]


class StepwiseInnerLoop(InnerLoop):
    """
    An inner loop that holds the graph of one pass at a time, over as many examples as `micro_batch_size` says, and of
    word embeddings only the rows that the episode touches.

    # Parameters

    lr : `float`, optional (default = `1e-5`)
        The inner learning rate alpha, above 0.
    num_steps : `int`, optional (default = `1`)
        Inner steps per episode, at least 0; with 0 the inner step is off.
    parameters : `List[str]`, optional (default = `None`)
        Regular expressions of the parameters that adapt; by default every trainable one.
    support_weight : `float`, optional (default = `0.0`)
        How much the support loss at theta counts in the objective, at least 0.
    direction : `str`, optional (default = `"descent"`)
        "descent", against the support gradient, or "ascent", along it.
    normalize : `bool`, optional (default = `False`)
        Whether every inner step has the length `lr`, however long the gradient is.
    learned_rates : `LearnedRates`, optional (default = `None`)
        Groups of parameters whose inner rates are learned; see `InnerLoop`.
    schedule : `RateSchedule`, optional (default = `None`)
        How `lr` changes over the meta steps; by default it does not.
    micro_batch_size : `int`, optional (default = `None`)
        Examples per pass, at least 1; the losses have to be means over examples. By default all at once.
    """

    def __init__(
        self,
        lr: float = 1e-5,
        num_steps: int = 1,
        parameters: Optional[list[str]] = None,
        micro_batch_size: Optional[int] = None,
        support_weight: float = 0.0,
        direction: Literal["descent", "ascent"] = "descent",
        normalize: bool = False,
        learned_rates: Optional[LearnedRates] = None,
        schedule: Optional[RateSchedule] = None,
    ) -> None:
        super().__init__(lr, num_steps, parameters, support_weight, direction, normalize, learned_rates, schedule)
        if micro_batch_size is not None and micro_batch_size < 1:
            raise ConfigurationError(
                f"inner_loop.micro_batch_size is {micro_batch_size}; it must be at least 1, or null for all examples."
            )
        self.micro_batch_size = micro_batch_size
        self._said: WeakKeyDictionary[Module, set[str]] = WeakKeyDictionary()

    def _adapt(self, module: Module, support: Loss, query: Loss) -> Adapted:
        return self._on_network(module, self._episode, support, query)

    def _judge(self, module: Module, support: Loss, query: Loss) -> Adapted:
        return self._on_network(module, self._judged, support, query)

    def _on_network(self, module: Module, evaluate: Episode, support: Loss, query: Loss) -> Adapted:
        tables, tied = embedding_tables(module)
        for name, others in tied.items():
            self._say_whole(module, name, f"it is tied to {', '.join(others)}")
        network = Network(module, self.adapted_names(module), tables)
        adapted = evaluate(network, support, query)
        for name in network.read_whole:
            self._say_whole(module, name, "the model reads it in other ways than by looking rows up")
        return adapted

    def _episode(self, network: Network, support: Loss, query: Loss) -> Adapted:
        raise NotImplementedError

    def _judged(self, network: Network, support: Loss, query: Loss) -> Adapted:
        """What `_episode` gives, without a gradient."""
        point, support_losses = self._adapted_point(network, support, Lesson(network, 0.0))
        value: Tensor = torch.zeros(())
        for weight, part in parts(query, self.micro_batch_size):
            value = value + weight * network.evaluate(part, point)
        return Adapted(value, numbers(support_losses))

    def _adapted_point(self, network: Network, support: Loss, lesson: Lesson) -> tuple[Point, list[Tensor]]:
        """theta', and the support loss before each step to it."""
        point, support_losses = Point(), []
        for _ in range(self.num_steps):
            loss, point, stride = self._step(network, support, point, lesson)
            support_losses.append(loss)
            lesson.keep(stride)
        return point, support_losses

    def _lesson(self, network: Network) -> Lesson:
        """What the support loss teaches by itself, and of its rates, in one episode."""
        return Lesson(network, self.support_weight, self.learned_rates)

    def _say_whole(self, module: Module, name: str, reason: str) -> None:
        """Says once that an embedding costs what the whole of it costs."""
        said = self._said.setdefault(module, set())
        if name not in said:
            logger.info("The inner loop works on the whole of %s, not on touched rows: %s.", name, reason)
            said.add(name)

    def _step(self, network: Network, support: Loss, point: Point, lesson: Lesson) -> tuple[Tensor, Point, Stride]:
        """The support loss at a point, the next point, and the step to it."""
        loss, gradient = self._gradient(network, support, point, lesson.names)
        return loss, *self._step_along(network, gradient, point, lesson)

    def _step_along(
        self, network: Network, gradient: Mapping[str, Part], point: Point, lesson: Lesson
    ) -> tuple[Point, Stride]:
        """The point after one whose support gradient is known, and the step to it."""
        lesson.learn(gradient)
        stride = self._stride(gradient, network.adapted)
        return network.moved(point, stride.along(gradient), stride.factor), stride

    def _stride(self, gradient: Mapping[str, Part], adapted: Container[str]) -> Stride:
        """The step that a support gradient makes."""
        factor = -self.rate if self.direction == "descent" else self.rate
        if self.learned_rates is not None:
            return RatedStride(factor, self.learned_rates.scaled(gradient, adapted), self.learned_rates)
        if not self.normalize:
            return Stride(factor)
        length = norm_of(gradient, adapted)
        return Stride(factor / length if length else 0.0, gradient)

    def _gradient(self, network: Network, loss: Loss, point: Point, names: Container[str]) -> tuple[Tensor, Vector]:
        """A loss and its gradient at a point, in micro-batches."""
        value: Tensor = torch.zeros(())
        total: Optional[Vector] = None
        for weight, part in parts(loss, self.micro_batch_size):
            part_value, gradient = network.differentiate(part, point, names)
            value = value + weight * part_value
            total = gradient.scale_(weight) if total is None else total.add_(gradient, weight)
            del gradient  # so that the next pass has its memory
        return value, total or Vector()
