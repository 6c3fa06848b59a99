"""Which rows of a file become examples."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.bounded import LIMIT
from xlamaml_allennlp.files.text import text_problem
from xlamaml_allennlp.languages.sources import Source
from xlamaml_allennlp.nli.formats import Row, rows
from xlamaml_allennlp.nli.labels import Labels
from xlamaml_allennlp.nli.tally import Tally

logger = logging.getLogger(__name__)

# Languages that a line of the log names.
NAMED = 40


class Selection:
    """
    The rows of one file that become examples: those of the languages wanted that have a gold label or need none.
    Every row that is returned has a language, and an id that no other row of that language has.

    # Parameters

    source : `Source`
        The file, and the languages wanted from it.
    labels : `Labels`
        The labels that may occur.
    tally : `Tally`
        Told the rows that cannot be used; it has one for all files that are read together.
    limit : `int`, optional (default = `1_000_000_000`)
        The most bytes of the file, unpacked.
    """

    def __init__(self, source: Source, labels: Labels, tally: Tally, limit: int = LIMIT) -> None:
        self._source = source
        self._labels = labels
        self._tally = tally
        self._limit = limit
        # Per language: rows so far, rows returned, rows without a gold label; how often an id came.
        self._met: Counter[str] = Counter()
        self._read: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._ids: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._repeated = 0
        # Whether a row has told its language itself.
        self._rows_tell = False

    def __iter__(self) -> Iterator[Row]:
        """
        # Raises

        `ConfigurationError`
            If nothing tells a row's language, or a language that is wanted has no examples.
        """
        path = self._source.path
        try:
            for row in rows(path, self._bad, self._limit):
                language = self._source.language(row.language)
                self._rows_tell = self._rows_tell or row.language is not None
                if language not in self._met and (problem := text_problem("language", language)):
                    self._tally.bad(path, row.number, f"{problem}. Fix the row.")
                    continue
                self._met[language] += 1
                if not self._source.wants(language):
                    continue
                # The count includes rows that are skipped, so that it is the same in every language; "row", because a
                # bare number could be another file's pair id, and `parallel` would take the two for translations.
                id = self._unique(language, row.id or f"row {self._met[language] - 1}")
                if self._labels.without_gold(row.label):
                    self._skipped[language] += 1
                elif problem := self._problem(row):
                    self._tally.bad(path, row.number, problem)
                elif not self._tally.has_failed:
                    self._read[language] += 1
                    yield Row(row.premise.strip(), row.hypothesis.strip(), row.label, language, id, row.number)
            self._check_languages()
        finally:
            # Also if the reader has enough after some rows.
            logger.info("%s", self)

    def _bad(self, path: str, number: int, problem: str) -> None:
        self._tally.bad(path, number, problem)
        if not self._rows_tell and (language := self._source.told()):
            # It has its place among the rows of its language, for those after it keep theirs.
            self._met[language] += 1

    def _problem(self, row: Row) -> Optional[str]:
        return problem_of(row, self._labels) or self._tally.mixture(
            self._source.path, row.number, row.label is not None
        )

    def _unique(self, language: str, id: str) -> str:
        ids = self._ids[language]
        ids[id] += 1
        if ids[id] == 1:
            return id
        self._repeated += 1
        return f"{id}#{ids[id]}"

    def _check_languages(self) -> None:
        if self._tally.has_failed:
            return
        wanted = self._source.languages if self._source.languages is not None else set(self._met)
        missing = sorted(language for language in wanted if not self._read[language])
        if missing:
            names = ", ".join(f'"{language}"' for language in missing[:NAMED])
            raise ConfigurationError(
                f"{self._source.path}: no examples of language {names} among {_counted(self._met)}, "
                f"{sum(self._skipped.values())} of which have no gold label; "
                f"{self._tally.count(self._source.path)} bad rows. "
                "Give this language another file, or leave it out."
            )

    def __str__(self) -> str:
        return (
            f"{self._source.path}: read {_counted(self._read)}; "
            f"skipped {_counted(self._skipped)} without a gold label (- or -1); "
            f"left out {sum(n for one, n in self._met.items() if not self._source.wants(one))} of other languages; "
            f"numbered {self._repeated} repeated pair ids."
        )


def problem_of(row: Row, labels: Labels) -> Optional[str]:
    """Why a row cannot be an example, and the way out; `None` if it can."""
    for name, text in (("premise", row.premise), ("hypothesis", row.hypothesis)):
        if problem := text_problem(name, text):
            return f"{problem}. Fix the row, or remove it."
    return labels.problem(row.label)


def _counted(counts: Counter[str]) -> str:
    named = [f"{language} {count}" for language, count in sorted(counts.items())]
    languages = ", ".join(named[:NAMED]) + (f" and {len(named) - NAMED} more" if len(named) > NAMED else "")
    return f"{sum(counts.values())} pairs" + (f" ({languages})" if languages else "")
