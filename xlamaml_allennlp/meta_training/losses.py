"""One side of an episode as a loss: a closure that the inner loop evaluates on whatever stands in for the model."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Optional, Self

from allennlp.common.checks import ConfigurationError
from torch import Tensor

from xlamaml_allennlp.episodes.side import Side
from xlamaml_allennlp.meta_training.outputs import Outputs, join_outputs, without_graphs
from xlamaml_allennlp.meta_training.precision import Passes
from xlamaml_allennlp.meta_training.silence import not_counting


class SideLoss:
    """
    The model's loss on one collated batch, as a function of the network; a mean over its instances.

    # Parameters

    batch : `Mapping[str, Any]`
        What the model's `forward` takes; a `Side` where it is to be taken apart.
    passes : `Passes`
        Makes the context of a forward pass (its precision).
    """

    def __init__(self, batch: Mapping[str, Any], passes: Passes) -> None:
        self._batch = batch
        self._passes = passes

    @property
    def size(self) -> int:
        """The number of instances in the batch."""
        return self._side.size

    def __call__(self, net: Callable[..., Outputs]) -> Tensor:
        return self.evaluate(net)["loss"]

    def evaluate(self, net: Callable[..., Outputs]) -> Outputs:
        """What the model returns for the batch, with "loss"."""
        with self._passes():
            outputs = net(**self._batch)
        if "loss" not in outputs:
            raise RuntimeError(
                f'The model returned no "loss" (it returned: {", ".join(outputs)}). Meta-training needs it from '
                "support and query: do the instances of data_loader carry their labels?"
            )
        return outputs

    def split(self, micro_batch_size: int, like: Optional["SideLoss"] = None) -> list[tuple[float, Self]]:
        """
        The losses of parts of at most `micro_batch_size` instances by length, each with its share of the whole; by the
        lengths of `like`, a set of translations, where that is given.
        """
        parts = self._side.split(micro_batch_size, None if like is None else like._side)
        return [(share, self._part(number, side)) for number, (share, side) in enumerate(parts)]

    @property
    def _side(self) -> Side:
        if isinstance(self._batch, Side):
            return self._batch
        raise ConfigurationError(
            "inner_loop.micro_batch_size takes the sides of an episode apart between their examples, and here one is a "
            f'{type(self._batch).__name__} that says nothing of them. Set data_loader.type to "episodes", or '
            "micro_batch_size to null."
        )

    def _part(self, number: int, side: Side) -> Self:
        return type(self)(side, self._passes)


class SupportLoss(SideLoss):
    """The loss on the support set, to which no metric listens."""

    def evaluate(self, net: Callable[..., Outputs]) -> Outputs:
        with not_counting(net):
            return super().evaluate(net)


class QueryLoss(SideLoss):
    """The loss on the query set, which also keeps what the model returned."""

    def __init__(self, batch: Mapping[str, Any], passes: Passes) -> None:
        super().__init__(batch, passes)
        self._number = 0
        # By the number of a part, which shares them with the whole. A pass that is made again replaces the one before.
        self._kept: dict[int, Outputs] = {}
        self._places: dict[int, Sequence[int]] = {}

    def evaluate(self, net: Callable[..., Outputs]) -> Outputs:
        def keeping(**batch: Any) -> Outputs:
            outputs = net(**batch)
            self._kept[self._number] = without_graphs(outputs)
            return outputs

        return super().evaluate(keeping)

    def outputs(self) -> Outputs:
        """What the model returned for the query set, without graphs; passes over parts of it are put together."""
        kept = sorted(self._kept)
        if len(kept) == 1:
            return dict(self._kept[kept[0]])
        return join_outputs([self._kept[number] for number in kept], [self._places[number] for number in kept])

    def _part(self, number: int, side: Side) -> Self:
        part = type(self)(side, self._passes)
        part._number, part._kept = number, self._kept
        self._places[number] = side.places
        return part
