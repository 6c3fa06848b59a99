"""Numbers over the course of runs: the loss at each step, from their ledgers, and what they said after each epoch."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from xlamaml_allennlp.reports.results import Results
from xlamaml_allennlp.reports.runs import Run
from xlamaml_allennlp.reports.setting import Setting

logger = logging.getLogger(__name__)

Curve = Sequence[tuple[int, float]]
"""Steps or epochs with a value."""
MOST_POINTS = 200
"""Of a line: more than one sees."""


@dataclass(frozen=True)
class Panel:
    """
    One number over the course of runs.

    # Parameters

    title, unit, caption : `str`
        What it is, over what, and what a reader has to know.
    curves : `Mapping[Setting, Sequence[Curve]]`
        Of each setting, a curve for each run.
    window : `int`, optional (default = `1`)
        Over how many steps around each a line is the mean.
    """

    title: str
    unit: str
    caption: str
    curves: Mapping[Setting, Sequence[Curve]]
    window: int = 1


def panels_of(results: Results, runs: Mapping[str, Run], settings: Sequence[Setting]) -> list[Panel]:
    """
    What there is to draw: the query loss at each step of runs that keep a ledger of episodes, and numbers after each
    epoch where a run has several.

    # Parameters

    results : `Results`
        What was measured.
    runs : `Mapping[str, Run]`
        The runs behind it, by name.
    settings : `Sequence[Setting]`
        Of which settings.
    """
    of_setting = {
        setting: [runs[name] for name in names if name in runs]
        for setting in settings
        if (names := dict.fromkeys(e.run for e in results.of_setting(setting)))
    }
    return [*_of_steps(of_setting), *_of_epochs(of_setting, results.measures)]


def smoothed(runs: Sequence[Curve], window: int) -> Curve:
    """
    The mean of some runs, and over the steps around each; where a value is no number, of those around it.

    # Parameters

    runs : `Sequence[Curve]`
        The runs.
    window : `int`
        How many steps.
    """
    means = pd.concat([pd.Series(dict(run), dtype=float) for run in runs], axis=1).sort_index().mean(axis=1)
    line = means.rolling(window, center=True, min_periods=1).mean()
    return list(line.iloc[:: -(-len(line) // MOST_POINTS)].items())


@lru_cache(maxsize=256)
def query_losses(folder: Path) -> Curve:
    """
    The mean query loss of the episodes of each meta step, by the ledgers that all workers of a run wrote
    (episodes_w0.jsonl and so on); empty where there are none.

    # Parameters

    folder : `Path`
        The run's folder.
    """
    values: dict[int, list[float]] = {}
    for path in sorted(folder.glob("episodes*.jsonl")):
        broken = 0
        with path.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                try:
                    episode = json.loads(line)
                    values.setdefault(int(episode["step"]), []).append(float(episode["query_loss"]))
                except (ValueError, KeyError, TypeError, RecursionError):
                    broken += 1
        if broken:
            logger.warning("%s: %d lines are no episodes; they are not in the learning curves.", path, broken)
    return [(step, sum(of) / len(of)) for step, of in sorted(values.items())]


def _of_steps(of_setting: Mapping[Setting, Sequence[Run]]) -> list[Panel]:
    found = {s: [c for run in runs if run.folder and (c := query_losses(run.folder))] for s, runs in of_setting.items()}
    curves = {setting: of for setting, of in found.items() if of}
    if not curves:
        return []
    window = max(1, max(len(curve) for of in curves.values() for curve in of) // 10)
    caption = f"Query loss of the episodes trained on, after their inner steps: means of {window} steps around each."
    if any(len(of) > 1 for of in curves.values()):
        caption += " Faint: each seed."
    return [Panel("query loss while training", "meta step", caption, curves, window)]


def _of_epochs(of_setting: Mapping[Setting, Sequence[Run]], measures: Sequence[str]) -> list[Panel]:
    """What is validated, and the loss; not of runs of a single epoch, which are no curves."""
    panels = []
    keys = {key for runs in of_setting.values() for run in runs for epoch in run.epochs for key in epoch}
    measured = [f"validation_{m}" for m in measures if f"validation_{m}" in keys]
    for key in [*measured, *(k for k in ("validation_loss", "training_loss") if k in keys)][:3]:
        found = {setting: [_epochs(run, key) for run in runs] for setting, runs in of_setting.items()}
        curves = {s: [curve for curve in of if len(curve) > 1] for s, of in found.items()}
        curves = {setting: of for setting, of in curves.items() if of}
        if curves:
            caption = "After each epoch, counted from 0, of runs that have several."
            panels.append(Panel(key.replace("_", " "), "epoch", caption, curves))
    return panels


def _epochs(run: Run, key: str) -> Curve:
    return [(i, float(each[key])) for i, each in enumerate(run.epochs) if isinstance(each.get(key), (int, float))]
