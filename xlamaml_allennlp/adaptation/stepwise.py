"""What the estimators that walk the inner loop one step at a time have in common."""

import logging
from collections.abc import Container
from typing import Optional
from weakref import WeakKeyDictionary

import torch
from allennlp.common.checks import ConfigurationError
from torch import Tensor
from torch.nn import Module

from xlamaml_allennlp.adaptation.inner_loop import Adapted, InnerLoop
from xlamaml_allennlp.adaptation.loss import Loss, parts
from xlamaml_allennlp.adaptation.network import Network, Point, ReadOutsideLookup
from xlamaml_allennlp.adaptation.random_state import RandomState
from xlamaml_allennlp.adaptation.rows import embedding_tables
from xlamaml_allennlp.adaptation.vector import Vector, plus

logger = logging.getLogger(__name__)


class StepwiseInnerLoop(InnerLoop):
    """
    An inner loop that holds the graph of one pass at a time, over as many examples as `micro_batch_size` says, and of
    word embeddings only the rows that the episode touches.

    # Parameters

    lr : `float`, optional (default = `1e-5`)
        The inner learning rate alpha, above 0.
    num_steps : `int`, optional (default = `1`)
        Inner steps per episode, at least 1.
    parameters : `List[str]`, optional (default = `None`)
        Regular expressions of the parameters that adapt; by default every trainable one.
    micro_batch_size : `int`, optional (default = `None`)
        Examples per pass, at least 1; the losses have to be means over examples. By default all at once.
    """

    def __init__(
        self,
        lr: float = 1e-5,
        num_steps: int = 1,
        parameters: Optional[list[str]] = None,
        micro_batch_size: Optional[int] = None,
    ) -> None:
        super().__init__(lr, num_steps, parameters)
        if micro_batch_size is not None and micro_batch_size < 1:
            raise ConfigurationError(
                f"inner_loop.micro_batch_size is {micro_batch_size}; it must be at least 1, or null for all examples."
            )
        self.micro_batch_size = micro_batch_size
        self._whole: WeakKeyDictionary[Module, set[str]] = WeakKeyDictionary()

    def _adapt(self, module: Module, support: Loss, query: Loss) -> Adapted:
        start = RandomState.now(module)
        while True:
            try:
                return self._episode(self._network(module), support, query)
            except ReadOutsideLookup as found:
                self._use_whole(module, found.name, "the model reads it in other ways than by looking rows up")
                start.restore()

    def _episode(self, network: Network, support: Loss, query: Loss) -> Adapted:
        raise NotImplementedError

    def _network(self, module: Module) -> Network:
        tables, tied = embedding_tables(module)
        for name, others in tied.items():
            self._use_whole(module, name, f"it is tied to {', '.join(others)}")
        whole = self._whole.get(module, set())
        return Network(
            module, self.adapted_names(module), {name: table for name, table in tables.items() if name not in whole}
        )

    def _use_whole(self, module: Module, name: str, reason: str) -> None:
        """Switches touched rows off for an embedding, and says so once."""
        whole = self._whole.setdefault(module, set())
        if name not in whole:
            logger.info("The inner loop works on the whole of %s, not on touched rows: %s.", name, reason)
            whole.add(name)

    def _gradient(self, network: Network, loss: Loss, point: Point, names: Container[str]) -> tuple[Tensor, Vector]:
        """A loss and its gradient at a point, in micro-batches."""
        value: Tensor = torch.zeros(())
        total: Vector = {}
        for weight, part in parts(loss, self.micro_batch_size):
            outcome = network.differentiate(part, point, names)
            value = value + weight * outcome.loss
            gradient = outcome.gradient()
            del outcome
            # A part's weight is below 1, so that what it was multiplied by is no longer autograd's.
            total = plus(total, gradient, weight, spare="first" if weight < 1 else "none")
        return value, total
