"""What a model returns for the parts of a batch, put together to what it would return for the whole."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Optional

import numpy
import torch
from allennlp.common.checks import ConfigurationError
from torch import Tensor

Outputs = dict[str, Any]


def without_graphs(value: Any) -> Any:
    """
    Outputs whose tensors are detached, those in lists and tuples too, or their graphs would stay until the end of the
    accumulation group. What holds no graph is the object that it was.
    """
    if isinstance(value, Tensor):
        return value.detach() if value.requires_grad else value
    if isinstance(value, Mapping):
        items = {key: without_graphs(item) for key, item in value.items()}
        return items if any(items[key] is not item for key, item in value.items()) else value
    if isinstance(value, (list, tuple)):
        entries = [without_graphs(item) for item in value]
        if all(entry is item for entry, item in zip(entries, value, strict=True)):
            return value
        if isinstance(value, list):
            return entries
        return type(value)(*entries) if hasattr(value, "_fields") else tuple(entries)
    return value


def join_outputs(parts: Sequence[Outputs], places: Sequence[Sequence[int]]) -> Outputs:
    """
    The outputs for a batch from those for its parts. By these rules, of which the first that fits holds:

    1. A mapping is joined by its keys.
    2. What is the very same object for all parts (the model's own list of names, its parameter, `None`) says nothing of
       instances, and stays. That two are equal is no sign of it: so are the predictions of two parts.
    3. What has an entry per instance is put where the instances stand. Parts are padded to their own lengths: tensors
       that differ in them are filled up with zeros, or with minus infinity if they hold that, as scores of what may not
       be chosen do.
    4. A whole number is a count, and counts add up. Any other number is a mean over instances, as a loss is, so the
       parts' are weighted by their shares: a model that counts says so by an `int` or a tensor of integers.
    5. The rest has to be equal for all.

    # Parameters

    parts : `Sequence[Outputs]`
        What the model returned for each part.
    places : `Sequence[Sequence[int]]`
        Where the instances of each part stand in the batch.

    # Raises

    `ConfigurationError`
        If an output is none of these.
    """
    return _joined_by_keys("", parts, places)


def _joined_by_keys(within: str, values: Sequence[Mapping[str, Any]], places: Sequence[Sequence[int]]) -> Outputs:
    names = dict.fromkeys(name for value in values for name in value)  # what only one part has is not to be lost
    return {name: _joined(f"{within}{name}", [value.get(name) for value in values], places) for name in names}


def _joined(name: str, values: list[Any], places: Sequence[Sequence[int]]) -> Any:
    sizes = list(map(len, places))
    first = values[0]
    if all(isinstance(value, Mapping) for value in values):
        return _joined_by_keys(f"{name}.", values, places)
    if all(_is_same_object(value, first) for value in values):
        return first
    if all(isinstance(value, Tensor) for value in values):
        joined = _joined_tensors(values, places)
    elif all(isinstance(value, (list, tuple)) for value in values) and list(map(len, values)) == sizes:
        entries = [item for value in values for item in value]
        return [entries[at] for at in _order(places)]
    elif all(type(value) in (int, float) for value in values):
        return _joined_tensors(list(map(torch.tensor, values)), places).item()  # type: ignore[union-attr]
    elif all(numpy.array_equal(value, first) for value in values):
        return first
    else:
        joined = None
    if joined is None:
        found = ", ".join(
            f"{type(value).__name__} {tuple(getattr(value, 'shape', ()))}".rstrip(" ()") for value in values
        )
        raise ConfigurationError(
            f'inner_loop.micro_batch_size: the model\'s output "{name}" of parts of {", ".join(map(str, sizes))} '
            f"instances ({found}) cannot be put together: it is neither one entry per instance nor a number. Set "
            "micro_batch_size to null, or leave it out of the model's outputs."
        )
    return joined


def _is_same_object(value: Any, other: Any) -> bool:
    if isinstance(value, (int, float)):  # Python may make one object of equal ones
        return isinstance(value, bool) and value is other
    if not (isinstance(value, Tensor) and isinstance(other, Tensor)) or value is other:
        return value is other
    # A parameter comes detached, in the same memory.
    in_same_memory = value.numel() > 0 and value.data_ptr() == other.data_ptr()
    return in_same_memory and (value.shape, value.stride()) == (other.shape, other.stride())


def _joined_tensors(values: list[Tensor], places: Sequence[Sequence[int]]) -> Optional[Tensor]:
    first, sizes = values[0], list(map(len, places))
    if all(
        value.dim() == max(1, first.dim()) and len(value) == size for value, size in zip(values, sizes, strict=True)
    ):
        return torch.cat(_of_one_shape(values))[_order(places)]
    if first.dim() == 0 and first.dtype != torch.bool:
        stacked = torch.stack(values)
        if not stacked.is_floating_point():
            return stacked.sum()
        # Shape: (parts,)
        shares = torch.tensor(sizes, dtype=stacked.dtype, device=stacked.device) / sum(sizes)
        return (stacked * shares).sum()
    return first if all(torch.equal(value, first) for value in values) else None


def _of_one_shape(values: list[Tensor]) -> list[Tensor]:
    """Tensors filled up in every dimension but the first to the longest of them."""
    lengths = [max(each) for each in zip(*(value.shape[1:] for value in values), strict=True)]
    if all(list(value.shape[1:]) == lengths for value in values):
        return values
    never = float("-inf")
    fill = never if values[0].is_floating_point() and any(bool((value == never).any()) for value in values) else 0
    filled = [value.new_full((len(value), *lengths), fill) for value in values]
    for whole, value in zip(filled, values, strict=True):
        whole[tuple(map(slice, value.shape))] = value
    return filled


def _order(places: Sequence[Sequence[int]]) -> list[int]:
    """Of each instance of the batch, its number among those of all parts, one part after the other."""
    given = list(chain.from_iterable(places))
    return sorted(range(len(given)), key=given.__getitem__)
