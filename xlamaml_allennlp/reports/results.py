"""What was measured: evaluations, their numbers in one tidy table, and their examples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Optional

import pandas as pd

from xlamaml_allennlp.reports.evaluation import Evaluation
from xlamaml_allennlp.reports.metrics import Measured, scale_of
from xlamaml_allennlp.reports.predictions import ARROW, Judged
from xlamaml_allennlp.reports.setting import Setting

COLUMNS = (
    "method", "auxiliary", "target", "seed", "shots", "metric", "value", "n", "archive", "command", "zero_shot",
)  # fmt: skip


@dataclass
class Results:
    """
    What was measured.

    # Parameters

    evaluations : `list[Evaluation]`
        What has been evaluated, by name.
    measured : `dict[str, Measured]`
        Its metrics, by its name.
    judged : `dict[str, dict[str, Judged]]`
        Its examples by its name and target, where predictions were kept.
    unfinished : `list[str]`
        Names of evaluations that have no metrics yet.
    foreign : `list[str]`
        Names of evaluations in the folder that its study does not have, such as those of other arguments.
    choosing : `frozenset[str]`
        Names of evaluations that only chose among runs: no table or figure shows them unless it names them.
    asked : `Mapping[str, Any]`
        What the folder's study.json holds, which also says what to show.
    """

    evaluations: list[Evaluation] = field(default_factory=list)
    measured: dict[str, Measured] = field(default_factory=dict)
    judged: dict[str, dict[str, Judged]] = field(default_factory=dict)
    unfinished: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    choosing: frozenset[str] = frozenset()
    asked: Mapping[str, Any] = field(default_factory=dict)

    @property
    def measures(self) -> list[str]:
        """The names of all measures of what is reported."""
        return list(dict.fromkeys(m for e in self.reported for m in self.measured[e.name].values))

    @property
    def settings(self) -> list[Setting]:
        """All settings, each in the place that it has in every table and figure."""
        return list(dict.fromkeys(evaluation.setting for evaluation in self.evaluations))

    @property
    def reported(self) -> list[Evaluation]:
        """The evaluations that are results: those that did not choose among runs, or all where every one did."""
        return [each for each in self.evaluations if each.name not in self.choosing] or self.evaluations

    @property
    def left_out(self) -> list[Setting]:
        """The settings of which nothing is reported unless somebody names them."""
        reported = {each.setting for each in self.reported}
        return [each for each in self.settings if each not in reported]

    def of_setting(self, setting: Setting) -> list[Evaluation]:
        """The evaluations of a setting, of all its seeds."""
        return [each for each in self.evaluations if each.setting == setting]

    def targets(self, measure: str) -> list[str]:
        """All targets of a measure, in alphabetical order; those of what chose among runs where nothing else has it."""
        for some in (self.reported, self.evaluations):
            if found := {t for e in some for t in self.measured[e.name].values.get(measure, {})}:
                return sorted(found)
        return []

    def scale(self, measure: str) -> float:
        """What makes percent of the measure's values."""
        return scale_of(
            measure, [v for found in self.measured.values() for v in found.values.get(measure, {}).values()]
        )

    def points(self, setting: Setting, measure: str, target: str) -> dict[int, float]:
        """A measure in percent, by seed."""
        found = self.of(setting, measure, target)
        scale = self.scale(measure)
        return {seed: scale * self.measured[e.name].values[measure][target] for seed, e in found.items()}

    def most_seeds(self, settings: Sequence[Setting], measure: str, targets: Sequence[str]) -> int:
        """The largest number of seeds behind a number: where it is 1, nothing deviates."""
        return max((len(self.of(s, measure, t)) for s in settings for t in targets), default=0)

    def of(self, setting: Setting, measure: str, target: str) -> dict[int, Evaluation]:
        """The evaluations of a setting that have a measure on a target, by seed."""
        return self._places.get((setting, measure, target), {})

    @cached_property
    def _places(self) -> dict[tuple[Setting, str, str], dict[int, Evaluation]]:
        places: dict[tuple[Setting, str, str], dict[int, Evaluation]] = {}
        for e in sorted(self.evaluations, key=lambda e: e.seed):
            for measure, values in self.measured[e.name].values.items():
                for target in values:
                    places.setdefault((e.setting, measure, target), {})[e.seed] = e
        return places

    def sees_target(self, setting: Setting, measure: str, target: str) -> bool:
        """Whether a result is not zero-shot: the file of metrics says so, or the target is a language trained on."""
        return any(_sees(e, self.measured[e.name], target) for e in self.of(setting, measure, target).values())

    def same_data(self, one: Setting, other: Setting, measure: str, target: str) -> bool:
        """Whether two settings were evaluated on the same examples of a target, as far as somebody said."""
        known = {data_of(e, target) for setting in (one, other) for e in self.of(setting, measure, target).values()}
        return len(known - {None}) < 2

    def comparable(self, one: Setting, other: Setting) -> bool:
        """Whether there is something by which two settings can be compared."""
        return any(
            self.of(one, measure, target)
            and self.of(other, measure, target)
            and self.same_data(one, other, measure, target)
            for measure in self.measures
            for target in self.targets(measure)
        )

    def examples(self, evaluation: Evaluation, target: str) -> Optional[int]:
        """How many examples an evaluation has of a target, if predictions tell."""
        judged = self.judged.get(evaluation.name, {}).get(target)
        return None if judged is None else len(judged.ids)

    def table(self) -> pd.DataFrame:
        """The tidy table: a line for each measure of each target of each evaluation."""
        rows: list[dict[str, Any]] = []
        for e in self.evaluations:
            for measure, values in self.measured[e.name].values.items():
                for target, value in values.items():
                    counted = self.examples(e, target)
                    said = self.measured[e.name].zero_shot.get(target)
                    texts = (e.setting.method, e.setting.pair, target, e.seed, str(e.setting.shots), measure)
                    cells = dict(zip(COLUMNS, (*texts, value, counted, e.archive, e.command, said), strict=True))
                    rows.append({**cells, "setting": e.setting})
        places = {setting: place for place, setting in enumerate(self.settings)}
        rows.sort(key=lambda row: (places[row.pop("setting")], row["metric"], row["target"], row["seed"]))
        return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"n": "Int64", "zero_shot": "boolean"})

    def example_table(self) -> pd.DataFrame:
        """A line for each example of each evaluation and measure, as far as predictions were kept."""
        frames = [
            pd.DataFrame(
                {
                    "method": e.setting.method, "auxiliary": e.setting.pair, "target": target, "seed": e.seed,
                    "shots": str(e.setting.shots), "metric": measure, "id": judged.ids, "group": judged.groups,
                    "score": scores,
                }
            )
            for e in self.evaluations
            for target, judged in self.judged.get(e.name, {}).items()
            for measure, scores in judged.scores.items()
        ]  # fmt: skip
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def data_of(evaluation: Evaluation, target: str) -> Optional[str]:
    """Where the examples of a target are from; data go by the language of the paragraph."""
    return evaluation.data.get(target.rpartition(ARROW)[2])


def _sees(evaluation: Evaluation, measured: Measured, target: str) -> bool:
    said = measured.zero_shot.get(target)
    trained = {*evaluation.setting.auxiliary, *evaluation.support, *evaluation.query}
    return (target in trained or bool(evaluation.setting.shots)) if said is None else not said
