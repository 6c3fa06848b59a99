"""What is in a config."""

from collections.abc import Iterator
from typing import Any


def entries_of(config: Any) -> Iterator[tuple[str, Any]]:
    """Every value in a config, at any depth, with its key."""
    left: list[tuple[str, Any]] = [("", config)]
    while left:
        key, value = left.pop()
        yield key, value
        if isinstance(value, dict):
            left += value.items()
        elif isinstance(value, list):
            left += ((key, each) for each in value)
