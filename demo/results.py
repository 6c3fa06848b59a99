"""What the demo's study has measured."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from demo.table import MEAN, Scores, scores_of
from demo.task import Measure

BASELINE, OFF = "english", "step off"


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


def verdict(baseline: Sequence[Scores], methods: Mapping[str, Sequence[Scores]]) -> str:
    """How much of the method's gain its inner step has to do with, and how far seeds differ."""

    def gains(name: str) -> list[float]:
        return [one[MEAN] - base[MEAN] for one, base in zip(methods[name], baseline, strict=True)]

    ours, off = (sum(gains(name)) / len(baseline) for name in ("XLA-MAML", OFF))
    lines = [f"Of XLA-MAML's {ours:+.1f} in the mean over the baseline {off:+.1f} are there with its inner step off."]
    if off >= ours:
        lines.append("So the examples made the gain here, and not the meta-learning.")
    if len(baseline) > 1:
        ranges = (f"{name} {min(gains(name)):+.1f} to {max(gains(name)):+.1f}" for name in methods)
        lines.append(f"Gains from seed to seed: {', '.join(ranges)}.")
    return "\n".join(lines)
