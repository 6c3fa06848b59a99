"""What the demo's study has measured."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Optional

from demo.table import MEAN, Scores, scores_of
from demo.task import Measure

BASELINE, OFF = "english", "step off"


class Difference(NamedTuple):
    """Points in percent with their interval of 95 %, and what it is over, such as "seeds and examples"."""

    points: float
    low: float
    high: float
    over: str


def rows(support: str, query: str) -> dict[str, str]:
    """What the table's columns are called -> the name of their runs, but for the seed."""
    xla, off = (slug if support == "en" else f"{slug}-{support}" for slug in ("xla", "off"))
    return {"X-MAML": f"x-{query}", "XLA-MAML": f"{xla}-{query}", OFF: f"{off}-{query}"}


def scores(folder: Path, row: str, seeds: Sequence[int], measure: Measure) -> list[Scores]:
    """A measure of a row, seed by seed."""
    files = [folder / "evaluations" / f"{row}-{seed}" / "metrics.json" for seed in seeds]
    return [scores_of(json.loads(file.read_text(encoding="utf-8")), measure) for file in files]


def mean_of(several: Sequence[Scores]) -> Scores:
    """The mean over seeds, language by language."""
    return {key: sum(each[key] for each in several) / len(several) for key in several[0]}


def inner_step(folder: Path, query: str, measure: Measure) -> Optional[Difference]:
    """What XLA-MAML's inner step is worth in the mean of the languages, as the study's report has tested it."""
    file = folder / "report" / "comparisons.csv"
    wanted = (f"XLA-MAML ({query})", f"XLA-MAML, inner step off ({query})", measure.key, MEAN)
    if not file.exists():
        return None
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if tuple(row[key] for key in ("method", "control", "metric", "target")) == wanted:
                return Difference(float(row["difference"]), float(row["low"]), float(row["high"]), row["over"])
    return None


def verdict(
    baseline: Sequence[Scores], methods: Mapping[str, Sequence[Scores]], difference: Optional[Difference]
) -> str:
    """How much of the method's gain its inner step has to do with, as far as so many seeds can tell."""

    def gains(name: str) -> list[float]:
        return [one[MEAN] - base[MEAN] for one, base in zip(methods[name], baseline, strict=True)]

    ours, off = (sum(gains(name)) / len(baseline) for name in ("XLA-MAML", OFF))
    lines = [f"Of XLA-MAML's {ours:+.1f} in the mean over the baseline {off:+.1f} are there with its inner step off."]
    if difference is not None:
        lines.append(
            f"The inner step itself: {difference.points:+.1f} (95 % interval {difference.low:+.1f} to "
            f"{difference.high:+.1f}, over {difference.over}), {_said(difference)}."
        )
    if len(baseline) > 1:
        ranges = (f"{name} {min(gains(name)):+.1f} to {max(gains(name)):+.1f}" for name in methods)
        lines.append(f"Gains from seed to seed: {', '.join(ranges)}.")
    else:
        lines.append("One seed tells of these trained models and not of the methods: --seeds 0 1 2 tells more.")
    return "\n".join(lines)


def _said(difference: Difference) -> str:
    if difference.low == difference.high == 0:
        return "with and without it all answers are the same"
    if difference.low > 0:
        return "a gain of its own"
    if difference.high < 0:
        return "a loss"
    return "not shown to be of use or harm"
