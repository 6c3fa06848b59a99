"""Numbers overall, per language, and as the mean of the languages."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.training.metrics import Metric

from xlamaml_allennlp.gathering import gather

# By language: the sum of the values, and how many there were.
Totals = Mapping[str, tuple[float, int]]


@Metric.register("language_mean")
class LanguageMean(Metric):
    """
    The mean of a value per example: over all examples, per language, and as the mean of the languages' means, which
    is what the paper's tables call "avg".

    Calls count on this worker only. Distributed workers are added up once, in `get_metric(reset=True)`, which all of
    them must therefore call, as AllenNLP's trainers do. (AllenNLP's own metrics add up in every call: counts are
    then global, and workers with unequal numbers of batches wait for each other.)

    Registered as a `Metric` with name "language_mean".

    # Parameters

    name : `str`, optional (default = `"accuracy"`)
        Name of the value, at the head of every key.
    """

    supports_distributed = True

    def __init__(self, name: str = "accuracy") -> None:
        self._name = name
        self._totals: dict[str, tuple[float, int]] = {}

    def __call__(  # type: ignore[override]
        self, values: torch.Tensor, languages: Sequence[str]
    ) -> None:
        """
        Counts a batch.

        # Parameters

        values : `torch.Tensor`
            One value per example; for accuracy whether the prediction is right. Shape: (batch_size,)
        languages : `Sequence[str]`
            The language of each example.
        """
        if values.shape != (len(languages),):
            raise ConfigurationError(
                f"LanguageMean got values of shape {tuple(values.shape)} for {len(languages)} languages; "
                "give one value and one language per example."
            )
        # One transfer for the whole batch; the device is not asked again for each example.
        for value, language in zip(values.detach().double().tolist(), languages, strict=True):
            total, count = self._totals.get(language, (0.0, 0))
            self._totals[language] = total + value, count + 1

    def get_metric(self, reset: bool = False) -> dict[str, float]:
        """
        # Returns

        `dict[str, float]`
            `{name: mean over the examples of this worker}`, cheap enough for every batch. With `reset`, over the
            examples of all workers, `name/<language>` and `name/mean` too, and `{}` if there were none.
        """
        if not reset:
            return {self._name: _mean(self._totals)}
        totals = _over_workers(self._totals)
        self.reset()
        return by_language(self._name, totals)

    def reset(self) -> None:
        self._totals = {}

    def state_dict(self) -> dict[str, Any]:
        """What this worker has counted, as plain values, for a checkpoint within an epoch."""
        return {"totals": dict(self._totals)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes on counting from what `state_dict` returned."""
        self._totals = {language: (total, count) for language, (total, count) in state["totals"].items()}


def by_language(name: str, totals: Totals) -> dict[str, float]:
    """
    Means from sums and counts: `name` over all examples, `name/<language>` for each language in alphabetical order,
    and `name/mean`, the mean of the languages. Nothing where nothing was counted, as of data without labels: a 0 would
    read as a result.
    """
    if not totals:
        return {}
    per_language = {language: _mean({language: totals[language]}) for language in sorted(totals)}
    mean = sum(per_language.values()) / len(per_language)
    return {
        name: _mean(totals),
        **{f"{name}/{language}": value for language, value in per_language.items()},
        f"{name}/mean": mean,
    }


def _mean(totals: Totals) -> float:
    count = sum(count for _, count in totals.values())
    return float(sum(total for total, _ in totals.values()) / count) if count else 0.0


def _over_workers(totals: Totals) -> dict[str, tuple[float, int]]:
    # In the order of ranks, so that every worker gets the same float.
    merged: dict[str, tuple[float, int]] = {}
    for worker in gather(dict(totals)):
        for language, (total, count) in worker.items():
            so_far, counted = merged.get(language, (0.0, 0))
            merged[language] = so_far + total, counted + count
    return merged
