"""The scores of an evaluation, kept per language, and the rows of the table that they make."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from xlamaml_allennlp.languages.interval import Estimate, mean_over_examples, mean_over_languages
from xlamaml_allennlp.languages.judged import Judged

ALL = "all"
MEAN = "mean of languages"


class Row(NamedTuple):
    """
    A row of the table.

    # Parameters

    name : `str`
        A language, "all", or "mean of languages".
    examples : `int`
        How many examples it is about.
    estimates : `Mapping[str, Estimate]`
        By measure. Empty where nothing tells what is right.
    """

    name: str
    examples: int
    estimates: Mapping[str, Estimate]


class Scores:
    """What has been judged so far."""

    def __init__(self) -> None:
        self._examples: Counter[str] = Counter()
        self._languages: list[str] = []
        self._ids: list[str] = []
        self._values: dict[str, list[float]] = {}

    def add(self, judged: Judged) -> None:
        """Counts an example."""
        self._examples[judged.language] += 1
        if judged.scores:
            self._languages.append(judged.language)
            self._ids.append(judged.id)
            for measure, value in judged.scores.items():
                self._values.setdefault(measure, []).append(value)

    def rows(self) -> list[Row]:
        """The languages in alphabetical order, then all examples, then the mean of the languages."""
        values = {measure: np.array(of_measure) for measure, of_measure in self._values.items()}
        languages, ids = np.array(self._languages), np.array(self._ids)
        rows = []
        for language, examples in sorted(self._examples.items()):
            own = languages == language
            of_language = {m: mean_over_examples(of_m[own], ids[own]) for m, of_m in values.items() if own.any()}
            rows.append(Row(language, examples, of_language))
        over_all = {m: mean_over_examples(of_m, ids) for m, of_m in values.items()}
        over_languages = {m: mean_over_languages(of_m, languages, ids) for m, of_m in values.items()}
        total = self._examples.total()
        return [*rows, Row(ALL, total, over_all), Row(MEAN, total, over_languages)]
