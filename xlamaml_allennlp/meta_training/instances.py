"""The instances of a collated batch: how many they are, and the batch of some of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from allennlp.common.checks import ConfigurationError
from torch import Tensor


def count_instances(batch: Mapping[str, Any]) -> int:
    """
    The number of instances in a batch: the length of every tensor and list in it. What has no length belongs to all.

    # Raises

    `ConfigurationError`
        If the lengths differ, so that something in the batch is not one entry per instance.
    """
    lengths = dict(_lengths(batch))
    if len(set(lengths.values())) > 1:
        found = ", ".join(f"{path} has {length}" for path, length in lengths.items())
        raise ConfigurationError(
            "inner_loop.micro_batch_size cuts a batch between its instances, and here not every tensor or list has one "
            f"entry per instance: {found}. Set micro_batch_size to null, or keep what belongs to the whole batch in "
            "the model."
        )
    return next(iter(lengths.values()), 0)


def some_instances(batch: Any, first: int, last: int) -> Any:
    """The batch of the instances from `first` to the one before `last`."""
    if isinstance(batch, Mapping):
        return {key: some_instances(value, first, last) for key, value in batch.items()}
    return batch[first:last] if _has_length(batch) else batch


def _lengths(value: Any, path: str = "") -> Iterator[tuple[str, int]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _lengths(item, f"{path}.{key}".lstrip("."))
    elif _has_length(value):
        yield path, len(value)


def _has_length(value: Any) -> bool:
    return isinstance(value, (list, tuple)) or (isinstance(value, Tensor) and value.dim() > 0)
