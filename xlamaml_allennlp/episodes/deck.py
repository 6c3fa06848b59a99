"""Examples in random order, dealt a set at a time without losing any."""

from array import array
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from random import Random

# Of an order, as many rows are drawn before it is laid out: most orders go no further than an episode.
FEW = 64


def anything(row: int) -> bool:
    """Admits every example."""
    return True


class Deck:
    """
    A shuffled order of rows. What a set cannot take is deferred: it is first in line for the next set.

    # Parameters

    rows : `Sequence[int]`
        The rows of the examples, not to be changed while the deck lives.
    rng : `Random`
        The sampler's generator.
    """

    def __init__(self, rows: Sequence[int], rng: Random) -> None:
        self._rows = rows
        self._rng = rng
        self._order: Iterator[int] = shuffled(rows, rng)
        self._deferred: deque[int] = deque()

    def __bool__(self) -> bool:
        """Whether the pass has examples left."""
        if not self._deferred and (row := next(self._order, None)) is not None:
            self._deferred.append(row)
        return bool(self._deferred)

    def draw(self, size: int, admits: Callable[[int], bool]) -> list[int]:
        """
        Deals one set from what is left of the pass; fewer than `size` where that has no more to give.

        # Parameters

        size : `int`
            How many.
        admits : `Callable[[int], bool]`
            Asked once for each example that is turned over; what it agrees to is in the set.
        """
        if admits is anything:
            waiting = [self._deferred.popleft() for _ in range(min(size, len(self._deferred)))]
            return waiting + list(islice(self._order, size - len(waiting)))
        taken: list[int] = []
        passed_over: list[int] = []
        while len(taken) < size and (row := self._turn_over()) is not None:
            (taken if admits(row) else passed_over).append(row)
        self._deferred.extendleft(reversed(passed_over))
        return taken

    def draw_cyclic(self, size: int, admits: Callable[[int], bool]) -> list[int]:
        """
        Deals one set of distinct examples, beginning a new pass where the current one has no more to give.

        So no example is dealt a second time before every other was dealt once, save those that `admits` refused.
        """
        taken = self.draw(size, admits)
        if len(taken) < size:
            self._begin_pass()
            taken_already = set(taken)
            taken += self.draw(size - len(taken), lambda row: row not in taken_already and admits(row))
        return taken

    def _turn_over(self) -> int | None:
        return self._deferred.popleft() if self._deferred else next(self._order, None)

    def _begin_pass(self) -> None:
        # What still waits from the last pass is not added again: each example is in the deck at most once.
        waiting = set(self._deferred)
        self._order = (row for row in shuffled(self._rows, self._rng) if row not in waiting)


def shuffled(rows: Sequence[int], rng: Random) -> Iterator[int]:
    """
    Yields all rows in random order, drawing only as far as it is asked: the first 8 of 39,000 cost 8 steps, and all of
    them four bytes each.

    # Parameters

    rows : `Sequence[int]`
        Not to be changed meanwhile.
    rng : `Random`
        The sampler's generator.
    """
    # Fisher and Yates from the end, on indices. At first only those that were moved are written down.
    moved: dict[int, int] = {}
    rest = max(0, len(rows) - FEW)
    for last in range(len(rows) - 1, rest - 1, -1):
        chosen = rng.randrange(last + 1)
        yield rows[moved.get(chosen, chosen)]
        moved[chosen] = moved.pop(last, last)
    # Then all that are left are.
    order = array("i", islice(rows, rest))
    for index, place in moved.items():
        if index < rest:
            order[index] = rows[place]
    # What `rng.randrange(last + 1)` does, without what it checks: as many bits as that number has, until they are less.
    bits = rng.getrandbits
    for width in range(rest.bit_length(), 0, -1):
        for last in range(min(rest, (1 << width) - 1) - 1, (1 << width - 1) - 2, -1):
            while (chosen := bits(width)) > last:
                pass
            yield order[chosen]
            order[chosen] = order[last]
