"""Plain values: what a checkpoint may hold so that `torch.load` reads it without trusting the file."""

from typing import Any

import numpy
from torch import Tensor

_SIMPLE = (bool, int, float, str, bytes, Tensor, numpy.number, numpy.bool_, type(None))


def is_plain(value: Any) -> bool:
    """Whether a value consists of numbers, strings, tensors and containers of them."""
    if isinstance(value, dict):
        return all(is_plain(key) and is_plain(item) for key, item in value.items())
    if isinstance(value, (list, tuple, set)):
        return all(map(is_plain, value))
    return isinstance(value, _SIMPLE)


def plain(value: Any) -> Any:
    """
    The value with numpy's scalars as Python's and its containers as plain ones, a named tuple as a tuple.

    Some schedules leave numpy floats in the optimizer's state, and torch >= 2.6 refuses to load those.
    """
    if isinstance(value, numpy.generic):
        return value.item()
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    for container in (list, tuple, set):
        if isinstance(value, container):
            return container(map(plain, value))
    return value
