"""What a model returns for the parts of a batch, put together to what it would return for the whole."""

from collections.abc import Mapping, Sequence
from typing import Any, Optional

import numpy
import torch
from allennlp.common.checks import ConfigurationError
from torch import Tensor

Outputs = dict[str, Any]


def without_graphs(value: Any) -> Any:
    """Outputs whose tensors are detached, or their graphs would stay until the end of the accumulation group."""
    if isinstance(value, Tensor):
        return value.detach()
    if isinstance(value, dict):
        return {key: without_graphs(item) for key, item in value.items()}
    return value


def join_outputs(parts: Sequence[Outputs], sizes: Sequence[int]) -> Outputs:
    """
    The outputs for a batch from those for its consecutive parts.

    What has an entry per instance is concatenated. A whole number is a count, and counts add up. Any other number (a
    loss) is a mean over instances, so the parts' are weighted by their shares. The rest has to be the same for all.

    # Parameters

    parts : `Sequence[Outputs]`
        What the model returned for each part.
    sizes : `Sequence[int]`
        The number of instances in each part.

    # Raises

    `ConfigurationError`
        If an output is none of these.
    """
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: _joined(name, [part.get(name) for part in parts], sizes) for name in names}


def _joined(name: str, values: list[Any], sizes: Sequence[int]) -> Any:
    first = values[0]
    if all(isinstance(value, Mapping) for value in values):
        return {key: _joined(f"{name}.{key}", [value.get(key) for value in values], sizes) for key in first}
    if all(isinstance(value, Tensor) for value in values):
        joined = _joined_tensors(values, sizes)
    elif all(isinstance(value, (list, tuple)) for value in values) and list(map(len, values)) == list(sizes):
        return [item for value in values for item in value]
    elif all(type(value) in (int, float) for value in values):
        return _joined_tensors(list(map(torch.tensor, values)), sizes).item()  # type: ignore[union-attr]
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


def _joined_tensors(values: list[Tensor], sizes: Sequence[int]) -> Optional[Tensor]:
    first = values[0]
    if all(value.shape == (size, *first.shape[1:]) for value, size in zip(values, sizes, strict=True)):
        return torch.cat(values)
    if first.dim() == 0 and first.dtype != torch.bool:
        stacked = torch.stack(values)
        if not stacked.is_floating_point():
            return stacked.sum()
        # Shape: (parts,)
        shares = torch.tensor(sizes, dtype=stacked.dtype, device=stacked.device) / sum(sizes)
        return (stacked * shares).sum()
    return first if all(torch.equal(value, first) for value in values) else None
