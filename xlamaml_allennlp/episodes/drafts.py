"""A pass of episodes whose support sets are not drawn yet, in a few bytes for each."""

from array import array
from collections.abc import Iterator, Sequence
from random import Random

from xlamaml_allennlp.languages.tag_table import Numbers


class Drafts:
    """
    The languages {l}_S and the query set of each episode of a pass: numbers in arrays, for a pass over millions of
    examples has hundreds of thousands of episodes.
    """

    def __init__(self) -> None:
        self._support_sets = Numbers()
        self._support_set = array("i")
        # All query sets one after the other, and where each of them ends.
        self._rows = array("i")
        self._ends = array("i")
        self._order = array("i")

    def add(self, support_set: tuple[str, ...], query: Sequence[int]) -> None:
        """Adds an episode."""
        self._support_set.append(self._support_sets[support_set])
        self._rows.extend(query)
        self._ends.append(len(self._rows))

    def shuffle(self, rng: Random) -> None:
        """Puts all of them into random order, as `rng.shuffle` would a list of them."""
        self._order = array("i", range(len(self)))
        rng.shuffle(self._order)

    def __len__(self) -> int:
        return len(self._ends)

    def __iter__(self) -> Iterator[tuple[tuple[str, ...], list[int]]]:
        support_sets = list(self._support_sets)
        for draft in self._order:
            first = self._ends[draft - 1] if draft else 0
            yield support_sets[self._support_set[draft]], self._rows[first : self._ends[draft]].tolist()
