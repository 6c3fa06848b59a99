"""One side of an episode as a loss: a closure that the inner loop evaluates on whatever stands in for the model."""

from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor

from xlamaml_allennlp.meta_training.instances import count_instances, some_instances
from xlamaml_allennlp.meta_training.outputs import Outputs, join_outputs, without_graphs
from xlamaml_allennlp.meta_training.precision import Passes
from xlamaml_allennlp.meta_training.silence import not_counting


class SideLoss:
    """
    The model's loss on one collated batch, as a function of the network; a mean over its instances.

    # Parameters

    batch : `Mapping[str, Any]`
        What the model's `forward` takes.
    passes : `Passes`
        Makes the context of a forward pass (its precision).
    """

    def __init__(self, batch: Mapping[str, Any], passes: Passes) -> None:
        self._batch = batch
        self._passes = passes

    @property
    def size(self) -> int:
        """The number of instances in the batch."""
        return count_instances(self._batch)

    def __call__(self, net: Callable[..., Outputs]) -> Tensor:
        with self._passes():
            outputs = net(**self._batch)
        if "loss" not in outputs:
            raise RuntimeError(
                f'The model returned no "loss" (it returned: {", ".join(outputs)}). Meta-training needs it from '
                "support and query: do the instances of data_loader carry their labels?"
            )
        return outputs["loss"]

    def split(self, micro_batch_size: int) -> list[tuple[float, "SideLoss"]]:
        """The losses of consecutive parts of at most `micro_batch_size` instances, each with its share of the whole."""
        size = self.size
        bounds = [(first, min(first + micro_batch_size, size)) for first in range(0, size, micro_batch_size)]
        return [((last - first) / size, self._part(first, last)) for first, last in bounds]

    def _part(self, first: int, last: int) -> "SideLoss":
        return SideLoss(some_instances(self._batch, first, last), self._passes)


class SupportLoss(SideLoss):
    """The loss on the support set, to which no metric listens."""

    def __call__(self, net: Callable[..., Outputs]) -> Tensor:
        with not_counting(net):
            return super().__call__(net)

    def _part(self, first: int, last: int) -> "SupportLoss":
        return SupportLoss(some_instances(self._batch, first, last), self._passes)


class QueryLoss(SideLoss):
    """The loss on the query set, which also keeps what the model returned."""

    def __init__(self, batch: Mapping[str, Any], passes: Passes) -> None:
        super().__init__(batch, passes)
        self._place = (0, 0)
        # By the first instance of a part and the one after its last; a part shares them with the whole, and a pass
        # that is made again replaces what it was made for.
        self._kept: dict[tuple[int, int], Outputs] = {}

    def __call__(self, net: Callable[..., Outputs]) -> Tensor:
        def keeping(**batch: Any) -> Outputs:
            outputs = net(**batch)
            self._kept[self._place] = without_graphs(outputs)
            return outputs

        return super().__call__(keeping)

    def outputs(self) -> Outputs:
        """What the model returned for the query set, without graphs; passes over parts of it are put together."""
        places = sorted(self._kept)
        if len(places) == 1:
            return dict(self._kept[places[0]])
        sizes = [last - first for first, last in places]
        return join_outputs([self._kept[place] for place in places], sizes) if places else {}

    def _part(self, first: int, last: int) -> "QueryLoss":
        part = QueryLoss(some_instances(self._batch, first, last), self._passes)
        part._place, part._kept = (first, last), self._kept
        return part
