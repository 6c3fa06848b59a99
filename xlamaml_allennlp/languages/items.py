"""Which of the rows that workers share out among themselves became which instance."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Optional

import numpy as np

from xlamaml_allennlp.languages.tag import Tag

# Takes what one worker out of several is to make instances of: of a reader that keeps examples, (path, row).
Share = Callable[[Iterable[Any]], Iterator[Any]]


class Items:
    """
    Counts the items that a reader gives to `share`, and finds that of an instance.

    Workers share out rows before they cost anything, and some rows become no instance, or several: without the numbers
    of the rows, what is kept would be dealt out otherwise than what is read.
    """

    def __init__(self) -> None:
        # How many items each call of `share` was given.
        self.counts: list[int] = []
        # What was given out and not found again, with the number of the first of it.
        self._waiting: deque[tuple[str, int, str]] = deque()
        self._passed = 0

    def share(self, items: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
        """Gives all items out: paths, and rows of these with a `number` and a `language`."""
        self.counts.append(0)
        for path, row in items:
            self.counts[-1] += 1
            self._waiting.append((path, row.number, row.language))
            yield path, row

    def number(self, tag: Tag) -> int:
        """The number of the item that an instance with this tag was made of; instances come in the items' order."""
        own = tag.source, tag.row, tag.language
        while self._waiting[0] != own:
            self._waiting.popleft()
            self._passed += 1
        return self._passed


def dealt(counts: Sequence[int], numbers: Optional[np.ndarray], share: Share) -> Iterator[int]:
    """
    The instances that a worker makes of its share of items.

    # Parameters

    counts : `Sequence[int]`
        How many items there were in each call of `share`.
    numbers : `Optional[np.ndarray]`
        The number of each instance's item, ascending; `None` if every item became one instance.
    share : `Callable[[Iterable], Iterator]`
        Takes this worker's share.
    """
    start = 0
    for count in counts:
        own = share(range(start, start + count))
        start += count
        yield from own if numbers is None else np.flatnonzero(np.isin(numbers, np.fromiter(own, np.int64))).tolist()
