"""One side of an episode as a loss: a closure that the inner loop evaluates on whatever stands in for the model."""

from collections.abc import Callable, Mapping
from typing import Any, Optional

import torch
from torch import Tensor

from xlamaml_allennlp.meta_training.precision import Passes
from xlamaml_allennlp.meta_training.silence import silent_metrics

Outputs = dict[str, Any]


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
        return _length(self._batch)

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
        return SideLoss(_slice(self._batch, first, last), self._passes)


class SupportLoss(SideLoss):
    """The loss on the support set, to which no metric listens."""

    def __call__(self, net: Callable[..., Outputs]) -> Tensor:
        with silent_metrics():
            return super().__call__(net)

    def _part(self, first: int, last: int) -> "SupportLoss":
        return SupportLoss(_slice(self._batch, first, last), self._passes)


class QueryLoss(SideLoss):
    """
    The loss on the query set, which also keeps what the model returned.

    # Parameters

    batch : `Mapping[str, Any]`
        What the model's `forward` takes.
    passes : `Passes`
        Makes the context of a forward pass (its precision).
    kept : `list[Outputs]`, optional (default = `None`)
        Where outputs are kept, one dictionary per pass: a part of the query set shares the list of the whole.
    """

    def __init__(self, batch: Mapping[str, Any], passes: Passes, kept: Optional[list[Outputs]] = None) -> None:
        super().__init__(batch, passes)
        self._kept: list[Outputs] = [] if kept is None else kept

    def __call__(self, net: Callable[..., Outputs]) -> Tensor:
        def keeping(**batch: Any) -> Outputs:
            outputs = net(**batch)
            self._kept.append({key: _detached(value) for key, value in outputs.items()})
            return outputs

        return super().__call__(keeping)

    def outputs(self) -> Outputs:
        """What the model returned for the query set, without graphs; passes over parts of it are put together."""
        if len(self._kept) == 1:
            return dict(self._kept[0])
        return {key: _joined([outputs[key] for outputs in self._kept]) for key in self._kept[0]} if self._kept else {}

    def _part(self, first: int, last: int) -> "QueryLoss":
        return QueryLoss(_slice(self._batch, first, last), self._passes, self._kept)


def _detached(value: Any) -> Any:
    # The graph goes with the loss alone, or it would stay until the end of the accumulation group.
    if isinstance(value, Tensor):
        return value.detach()
    if isinstance(value, dict):
        return {key: _detached(item) for key, item in value.items()}
    return value


def _length(value: Any) -> int:
    if isinstance(value, Mapping):
        return next((length for length in map(_length, value.values()) if length), 0)
    return len(value) if isinstance(value, (list, tuple)) or (isinstance(value, Tensor) and value.dim()) else 0


def _slice(value: Any, first: int, last: int) -> Any:
    if isinstance(value, Mapping):
        return {key: _slice(item, first, last) for key, item in value.items()}
    return value[first:last] if _length(value) else value


def _joined(values: list[Any]) -> Any:
    first = values[0]
    if isinstance(first, Tensor):
        if first.dim() and all(value.shape[1:] == first.shape[1:] for value in values):
            return torch.cat(values)
        return torch.stack(values).mean() if not first.dim() else values
    if isinstance(first, dict):
        return {key: _joined([value[key] for value in values]) for key in first}
    return [item for value in values for item in value] if isinstance(first, list) else first
