"""Rows of several languages as one sequence."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from typing import Any


class Joined(Sequence[int]):
    """
    Sequences one after the other, none of which is copied.

    # Parameters

    parts : `Sequence[Sequence[int]]`
        The sequences.
    """

    def __init__(self, parts: Sequence[Sequence[int]]) -> None:
        self._parts = parts
        self._ends = list(accumulate(map(len, parts)))

    def __len__(self) -> int:
        return self._ends[-1]

    def __getitem__(self, place: Any) -> Any:
        part = bisect_right(self._ends, place)
        return self._parts[part][place - self._ends[part]]

    def __iter__(self) -> Iterator[int]:
        return chain.from_iterable(self._parts)
