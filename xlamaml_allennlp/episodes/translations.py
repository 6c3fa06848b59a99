"""Which examples of two languages have one id."""

from collections.abc import Sequence

import numpy as np

from xlamaml_allennlp.languages.tag_table import TagTable


class Translations:
    """
    Finds the examples of a language by the ids of others. What it looks in is made for a language when that is asked
    for: eight bytes for each of its examples.

    # Parameters

    tags : `TagTable`
        The tags of all examples, of which no two share language and id.
    """

    def __init__(self, tags: TagTable) -> None:
        self._tags = tags
        # By language: the numbers of its examples' ids in ascending order, and their rows.
        self._sorted: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def find(self, rows: Sequence[int], language: str) -> np.ndarray:
        """
        The rows of the examples of a language that have the ids of others; -1 where there is none.

        # Parameters

        rows : `Sequence[int]`
            The others.
        language : `str`
            The language.
        """
        ids, found = self._of(language)
        wanted = self._tags.id[np.asarray(rows, dtype=np.int64)]
        if not len(ids):
            return np.full(len(wanted), -1, dtype=np.int32)
        places = np.searchsorted(ids, wanted)
        places[places == len(ids)] = 0
        return np.where(ids[places] == wanted, found[places], np.int32(-1))

    def _of(self, language: str) -> tuple[np.ndarray, np.ndarray]:
        if language not in self._sorted:
            rows = self._tags.rows_of(language)
            ids = self._tags.id[rows]
            order = np.argsort(ids, kind="stable")
            self._sorted[language] = ids[order], rows[order]
        return self._sorted[language]
