"""Which rows of a file become examples."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.bounded import LIMIT
from xlamaml_allennlp.files.text import text_problem
from xlamaml_allennlp.languages.sources import Source
from xlamaml_allennlp.nli.bad_pairs import BadPairs
from xlamaml_allennlp.nli.formats import Row, read_rows
from xlamaml_allennlp.nli.labels import Labels

logger = logging.getLogger(__name__)

# Languages that a line of the log names.
NAMED = 40


def select_pairs(source: Source, labels: Labels, bad_pairs: BadPairs, limit: int = LIMIT) -> Iterator[Row]:
    """
    Yields the rows of one file that become examples: those of the languages wanted that have a gold label or need none.
    Every one of them has a language, and an id that no other row of that language has.

    # Parameters

    source : `Source`
        The file, and the languages wanted from it.
    labels : `Labels`
        The labels that may occur.
    bad_pairs : `BadPairs`
        Told the rows that cannot be used; it has one for all files that are read together.
    limit : `int`, optional (default = `1_000_000_000`)
        The most bytes of the file, unpacked.

    # Raises

    `ConfigurationError`
        If nothing tells a row's language, or a language that is wanted has no examples.
    """
    counts = RowCounts(source)

    def report(path: str, number: int, problem: str) -> None:
        bad_pairs.add(path, number, problem)
        counts.miss()

    try:
        for row in read_rows(source.path, report, limit):
            language = counts.language_of(row)
            if counts.is_new(language) and (problem := text_problem("language", language)):
                bad_pairs.add(source.path, row.number, f"{problem}. Fix the row.")
                continue
            id = counts.meet(language, row)
            if not source.wants(language):
                continue
            if labels.without_gold(row.label):
                counts.skipped[language] += 1
            elif problem := find_problem(row, labels) or bad_pairs.find_mixture(source.path, row):
                bad_pairs.add(source.path, row.number, problem)
            elif not bad_pairs.has_failed:
                counts.read[language] += 1
                yield Row(row.premise.strip(), row.hypothesis.strip(), row.label, language, id, row.number)
        if not bad_pairs.has_failed:
            counts.check(bad_pairs.count(source.path))
    finally:
        # Also if the reader has enough after some rows.
        logger.info("%s", counts)


class RowCounts:
    """
    What was met in one reading of a file, by language, and the ids that it gives to rows.

    # Parameters

    source : `Source`
        The file, and the languages wanted from it.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        # Per language: rows so far, rows that became examples, rows without a gold label.
        self._met: Counter[str] = Counter()
        self.read: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        # How often an id came.
        self._ids: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._repeated = 0
        # Whether a row has told its language itself.
        self._rows_tell = False

    def language_of(self, row: Row) -> str:
        """The language of a row, told by itself or else by the source."""
        self._rows_tell = self._rows_tell or bool(row.language)
        return self._source.language(row.language)

    def is_new(self, language: str) -> bool:
        """Whether no row of this language was met."""
        return language not in self._met

    def meet(self, language: str, row: Row) -> str:
        """Counts a row of a language, and gives its id: its own, numbered where that came before, or else its place."""
        # The place counts rows that are skipped too, so that it is the same in every language; "row", because a bare
        # number could be another file's pair id, and `parallel` would take the two for translations.
        id = row.id or f"row {self._met[language]}"
        self._met[language] += 1
        if not self._source.wants(language):
            return id
        ids = self._ids[language]
        ids[id] += 1
        if ids[id] == 1:
            return id
        self._repeated += 1
        while (numbered := f"{id}#{ids[id]}") in ids:  # which may be another row's own
            ids[id] += 1
        ids[numbered] = 1
        return numbered

    def miss(self) -> None:
        """Counts what is no row where its language is known: the rows after it keep their places."""
        if not self._rows_tell and (language := self._source.told()):
            self._met[language] += 1

    def check(self, bad: int) -> None:
        """
        Looks for examples of every language wanted.

        # Parameters

        bad : `int`
            The rows that could not be used.

        # Raises

        `ConfigurationError`
            If one has none.
        """
        wanted = self._source.languages if self._source.languages is not None else set(self._met)
        missing = sorted(language for language in wanted if not self.read[language])
        if missing:
            names = ", ".join(f'"{language}"' for language in missing[:NAMED])
            raise ConfigurationError(
                f"{self._source.path}: no examples of language {names} among {_counted(self._met)}, "
                f"{sum(self.skipped.values())} of which have no gold label; {bad} bad rows. "
                "Give this language another file, or leave it out."
            )

    def __str__(self) -> str:
        return (
            f"{self._source.path}: read {_counted(self.read)}; "
            f"skipped {_counted(self.skipped)} without a gold label (- or -1); "
            f"left out {sum(n for one, n in self._met.items() if not self._source.wants(one))} of other languages; "
            f"numbered {self._repeated} repeated pair ids."
        )


def find_problem(row: Row, labels: Labels) -> Optional[str]:
    """Why a row cannot be an example, and the way out; `None` if it can."""
    for name, text in (("premise", row.premise), ("hypothesis", row.hypothesis)):
        if problem := text_problem(name, text):
            return f"{problem}. Fix the row, or remove it."
    return labels.problem(row.label)


def _counted(counts: Counter[str]) -> str:
    named = [f"{language} {count}" for language, count in sorted(counts.items())]
    languages = ", ".join(named[:NAMED]) + (f" and {len(named) - NAMED} more" if len(named) > NAMED else "")
    return f"{sum(counts.values())} pairs" + (f" ({languages})" if languages else "")
