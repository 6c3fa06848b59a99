"""The best of several runs, chosen by what was measured on development data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

from allennlp.common.checks import ConfigurationError

# What `allennlp evaluate` writes, by the name of an evaluation; those that are done.
Measured = Mapping[str, Mapping[str, float]]
MEAN = "mean"


@dataclass(frozen=True)
class Candidate:
    """
    A run that may be evaluated, and by which evaluations it is judged.

    # Parameters

    run : `str`
        The run.
    by : `Sequence[str]`
        Names of evaluations, on development data: the mean of their scores decides.
    """

    run: str
    by: Sequence[str]


@dataclass(frozen=True)
class Choice:
    """
    The best of several runs, by evaluations that are made before.

    # Parameters

    candidates : `Sequence[Candidate]`
        The runs, and what judges each.
    metric : `str`
        The metric per language that is compared, such as "accuracy": its mean over the languages of an evaluation.
    minus : `Sequence[str]`
        Evaluations to be subtracted, language by language, one for each of a candidate's; none if empty. So candidates
        whose languages differ can be compared by what they gain.
    """

    candidates: Sequence[Candidate]
    metric: str
    minus: Sequence[str] = ()

    def scores(self, measured: Measured) -> list[Optional[float]]:
        """
        The score of each candidate; `None` where an evaluation of its is not done yet.

        # Raises

        `ConfigurationError`
            If an evaluation has no such metric, or no language in common with what is subtracted.
        """
        return [self._score(candidate, measured) for candidate in self.candidates]

    def problem(self, measured: Measured) -> str:
        """Why the candidates cannot be compared, as far as what is done tells; empty if they can."""
        try:
            self.scores(measured)
        except ConfigurationError as error:
            return str(error)
        return ""

    def beaten(self, measured: Measured) -> set[str]:
        """The runs that cannot be chosen any more, whatever the evaluations to come say."""
        if self.problem(measured):
            return set()
        scores = self.scores(measured)
        best = self._best(scores)
        if best is None:
            return set()
        lost = {each.run for each, score in zip(self.candidates, scores, strict=True) if score is not None}
        return lost - {self.candidates[best].run}

    def chosen(self, measured: Measured) -> str:
        """The best run; of equals the first. Every evaluation that judges must be done."""
        best = self._best(self.scores(measured))
        assert best is not None
        return self.candidates[best].run

    def _best(self, scores: Sequence[Optional[float]]) -> Optional[int]:
        known = [place for place, score in enumerate(scores) if score is not None]
        return max(known, key=lambda place: (scores[place], -place), default=None)

    def _score(self, candidate: Candidate, measured: Measured) -> Optional[float]:
        if any(name not in measured for name in (*candidate.by, *self.minus)):
            return None
        each = [self._per_language(name, measured) for name in candidate.by]
        if self.minus:
            less = [self._per_language(name, measured) for name in self.minus]
            each = [_difference(one, other, candidate) for one, other in zip(each, less, strict=True)]
        return sum(sum(values.values()) / len(values) for values in each) / len(each)

    def _per_language(self, name: str, measured: Measured) -> dict[str, float]:
        prefix = f"{self.metric}/"
        found = {
            key.removeprefix(prefix): value
            for key, value in measured[name].items()
            if key.startswith(prefix) and key != f"{prefix}{MEAN}"
        }
        if not found:
            there = ", ".join(sorted({key.split("/")[0] for key in measured[name] if "/" in key})) or "none"
            raise ConfigurationError(
                f'best_of.metric is "{self.metric}", and evaluations/{name} reports no {self.metric} per language. '
                f"Metrics that it reports: {there}. Give one of them."
            )
        return found


def _difference(one: Mapping[str, float], other: Mapping[str, float], candidate: Candidate) -> dict[str, float]:
    shared = {language: value - other[language] for language, value in one.items() if language in other}
    if not shared:
        raise ConfigurationError(
            f"best_of.minus: runs/{candidate.run} is to be judged by differences, and its evaluations share no "
            "language with those that are subtracted."
        )
    return shared
