"""Which rows of a file become examples."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Optional, Union

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.text import text_problem
from xlamaml_allennlp.languages.sources import Source
from xlamaml_allennlp.nli.formats import Row, place, rows

logger = logging.getLogger(__name__)

# Indices of labels, by name and (for data sets that number them) by index.
Labels = Mapping[Union[str, int], int]
# Annotators did not agree on a gold label.
NO_GOLD_LABEL = "-"


class Selection:
    """
    The rows of one file that become examples: those of the languages wanted that have a gold label or need none.
    Every row that is returned has a language, and an id that no other row of that language has.

    # Parameters

    source : `Source`
        The file, and the languages wanted from it.
    labels : `Labels`
        The labels that may occur.
    """

    def __init__(self, source: Source, labels: Labels) -> None:
        self._source = source
        self._labels = labels
        # Per language: rows so far, rows returned, rows without a gold label; how often an id came.
        self._met: Counter[str] = Counter()
        self._read: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._ids: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._repeated = 0

    def __iter__(self) -> Iterator[Row]:
        """
        # Raises

        `ConfigurationError`
            If a row cannot be used, nothing tells a row's language, or a language that is wanted has no examples.
        """
        try:
            for row in rows(self._source.path):
                language = self._source.language(row.language)
                self._met[language] += 1
                if not self._source.wants(language):
                    continue
                # The count includes rows that are skipped, so that it is the same in every language; "row", because a
                # bare number could be another file's pair id, and `parallel` would take the two for translations.
                id = self._unique(language, row.id or f"row {self._met[language] - 1}")
                if row.label == NO_GOLD_LABEL:
                    self._skipped[language] += 1
                    continue
                if problem := problem_of(row, self._labels):
                    raise ConfigurationError(f"{place(self._source.path, row.number)}: {problem}")
                self._read[language] += 1
                yield Row(row.premise.strip(), row.hypothesis.strip(), row.label, language, id, row.number)
            self._check_languages()
        finally:
            # Also if the reader has enough after some rows.
            logger.info("%s", self)

    def _unique(self, language: str, id: str) -> str:
        ids = self._ids[language]
        ids[id] += 1
        if ids[id] == 1:
            return id
        self._repeated += 1
        return f"{id}#{ids[id]}"

    def _check_languages(self) -> None:
        wanted = self._source.languages if self._source.languages is not None else set(self._met)
        missing = sorted(language for language in wanted if not self._read[language])
        if missing:
            names = ", ".join(f'"{language}"' for language in missing)
            raise ConfigurationError(
                f"{self._source.path}: no examples of language {names} among {_counted(self._met)}, "
                f"{sum(self._skipped.values())} of which have no gold label. "
                "Give this language another file, or leave it out."
            )

    def __str__(self) -> str:
        return (
            f"{self._source.path}: read {_counted(self._read)}; "
            f"skipped {_counted(self._skipped)} without a gold label (-); "
            f"left out {sum(n for one, n in self._met.items() if not self._source.wants(one))} of other languages; "
            f"numbered {self._repeated} repeated pair ids."
        )


def problem_of(row: Row, labels: Labels) -> Optional[str]:
    """Why a row cannot be an example, and the way out; `None` if it can."""
    for name, text in (("premise", row.premise), ("hypothesis", row.hypothesis)):
        if problem := text_problem(name, text):
            return f"{problem}. Fix the row, or remove it."
    if row.label is None or row.label in labels:
        return None
    names = ", ".join(sorted(name for name in labels if isinstance(name, str)))
    return (
        f'label "{row.label}" is none of {names}. Fix the row, or give every reader and the model the same '
        "labels: [...] (the configs of NLI in training_configs have an argument `labels` that does)."
    )


def _counted(counts: Counter[str]) -> str:
    languages = ", ".join(f"{language} {count}" for language, count in sorted(counts.items()))
    return f"{sum(counts.values())} pairs" + (f" ({languages})" if languages else "")
