"""What all the files of one reading have in common: rows that are no pairs, and whether pairs have labels."""

import logging
from collections import Counter
from typing import Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.nli.formats import Row, name_place

logger = logging.getLogger(__name__)

CHOICES = ("error", "skip")
# Bad rows that the log lists; the others are counted.
LISTED = 100


class BadPairs:
    """
    Counts the rows that cannot be used, and knows whether pairs have labels.

    # Parameters

    on_bad_pair : `str`, optional (default = `"error"`)
        What such a row is: `"error"`, once all of them are counted, or `"skip"` for a line in the log.

    # Raises

    `ConfigurationError`
        If `on_bad_pair` is neither.
    """

    def __init__(self, on_bad_pair: str = "error") -> None:
        if on_bad_pair not in CHOICES:
            raise ConfigurationError(f'on_bad_pair: "{on_bad_pair}" is neither "error" nor "skip".')
        self._skips = on_bad_pair == "skip"
        self._bad: Counter[str] = Counter()
        self._listed: list[str] = []
        # Path, number, and whether it has a label, of the first pair.
        self._first: Optional[tuple[str, int, bool]] = None

    def add(self, path: str, number: int, problem: str) -> None:
        """Takes note of a row that cannot be used; a `Report` of `nli.formats`."""
        self._bad[path] += 1
        if len(self._listed) < LISTED:
            self._listed.append(f"{name_place(path, number)}: {problem}")

    def count(self, path: str) -> int:
        """The bad rows of a file so far."""
        return self._bad[path]

    @property
    def has_failed(self) -> bool:
        """Whether reading is to end in an error, so that further rows are only counted."""
        return not self._skips and bool(self._bad)

    def find_mixture(self, path: str, row: Row) -> Optional[str]:
        """
        Why a pair does not go with those before, of which all have labels or none has, as a model has a loss for
        each batch or for none; `None` if it does.

        # Raises

        `ConfigurationError`
            If they are of another file.
        """
        number, labelled = row.number, row.label is not None
        if self._first is None:
            self._first = path, number, labelled
        other, first, has_label = self._first
        if labelled == has_label:
            return None
        here, there = ("a label", "none") if labelled else ("no label", "one")
        if path == other:
            return f"it has {here}, and the pair of line {first} has {there}. Fix the row, or remove it."
        raise ConfigurationError(
            f"{name_place(path, number)}: it has {here}, and {name_place(other, first)} has {there}. Read files with "
            "labels and files without one after the other, not together."
        )

    def close(self) -> None:
        """
        To be called when all is read.

        # Raises

        `ConfigurationError`
            If a row could not be used, and `on_bad_pair` is "error".
        """
        if self.has_failed:
            count = self._bad.total()
            rows = "1 bad row" if count == 1 else f"{count} bad rows"
            raise ConfigurationError(
                f'{self._listed[0]} ({rows} in all{self._files()}; on_bad_pair: "skip" leaves such rows out.)'
            )
        if self._bad:
            more = self._bad.total() - len(self._listed)
            logger.warning(
                "%d bad pairs left out (on_bad_pair)%s:\n%s%s",
                *(self._bad.total(), self._files(), "\n".join(self._listed), f"\nand {more} more" if more else ""),
            )

    def _files(self) -> str:
        counts = ", ".join(f"{path} {count}" for path, count in self._bad.items())
        return f": {counts}" if len(self._bad) > 1 else ""
