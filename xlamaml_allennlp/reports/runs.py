"""What the runs behind the evaluations left: time, memory, configuration, versions, and numbers after each epoch."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any, Optional

from xlamaml_allennlp.reports.evaluation import read_json
from xlamaml_allennlp.reports.results import Results
from xlamaml_allennlp.reports.setting import Setting
from xlamaml_allennlp.reports.table import Cell, Table, named, number


@dataclass
class Run:
    """
    A run.

    # Parameters

    seconds, memory_mb : `Optional[float]`
        What it cost.
    config, versions : `Mapping[str, Any]`
        What it was run by.
    epochs : `Sequence[Mapping[str, Any]]`
        What it reported after each epoch, in order.
    """

    seconds: Optional[float] = None
    memory_mb: Optional[float] = None
    config: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, Any] = field(default_factory=dict)
    epochs: Sequence[Mapping[str, Any]] = ()


def read_runs(folder: Path, results: Results) -> dict[str, Run]:
    """The runs of the evaluations, by name, as far as the folder has them."""
    names = dict.fromkeys(e.run for e in results.evaluations if e.run)
    # A name is a file's name, and leads nowhere else.
    within = [name for name in names if Path(name).name == name]
    return {name: run for name in within if (run := _run(folder / "runs", name)) is not None}


def costs(results: Results, runs: Mapping[str, Run]) -> Optional[Table]:
    """Time and memory per setting; nothing where nothing is known."""
    rows = []
    for setting in results.settings:
        evaluations = [e for e in results.evaluations if e.setting == setting]
        own = [runs[name] for name in dict.fromkeys(e.run for e in evaluations) if name in runs]
        train = [run.seconds for run in own if run.seconds is not None]
        test = [e.seconds for e in evaluations if e.seconds is not None]
        memory = [run.memory_mb for run in own if run.memory_mb is not None]
        memory += [e.peak_memory_mb for e in evaluations if e.peak_memory_mb is not None]
        cells = [_time(train), _time(test), number(max(memory, default=None), "{:,.0f}")]
        rows.append([named(setting.label), number(len(evaluations), "{:d}"), *cells])
    if not any(cell.value is not None for row in rows for cell in row[2:]):
        return None
    caption = "Means over runs and evaluations; memory is the most that any of them took."
    heads = ["", "evaluations", "minutes to train", "minutes to evaluate", "peak memory (MB)"]
    return Table("costs", "Cost", caption, heads, rows)


def versions(runs: Mapping[str, Run]) -> Optional[Table]:
    """What was installed when the runs ran: a column for each set of versions that differs."""
    sets: dict[tuple[tuple[str, str], ...], int] = {}
    for run in runs.values():
        if run.versions:
            key = tuple(sorted((name, str(version)) for name, version in run.versions.items()))
            sets[key] = sets.get(key, 0) + 1
    if not sets:
        return None
    names = sorted({name for key in sets for name, _ in key})
    rows = [[named(name), *(Cell(dict(key).get(name, "–")) for key in sets)] for name in names]
    caption = "All runs have the same versions." if len(sets) == 1 else "Runs differ: compare them with care."
    return Table("versions", "Versions", caption, ["", *(f"{count} runs" for count in sets.values())], rows)


def curves(results: Results, runs: Mapping[str, Run]) -> dict[str, dict[str, list[list[tuple[int, float]]]]]:
    """Numbers after each epoch, by the number's name and the setting's label: what is validated, and the loss."""
    found: dict[str, dict[str, list[list[tuple[int, float]]]]] = {}
    keys = {key for run in runs.values() for epoch in run.epochs for key in epoch}
    measured = [f"validation_{m}" for m in results.measures if f"validation_{m}" in keys]
    for key in [*measured, *(k for k in ("validation_loss", "training_loss") if k in keys)][:3]:
        for name, run in runs.items():
            points = [(i, float(e[key])) for i, e in enumerate(run.epochs) if isinstance(e.get(key), (int, float))]
            if points:
                found.setdefault(key, {}).setdefault(_setting(results, name).label, []).append(points)
    return found


def _setting(results: Results, run: str) -> Setting:
    return next(e.setting for e in results.evaluations if e.run == run)


def _run(folder: Path, name: str) -> Optional[Run]:
    path = folder / f"{name}.json"
    told = read_json(path, dict) if path.exists() else {}
    # What AllenNLP itself leaves in a run's folder. A study's record of the run has digests by the same names.
    left = {file: read_json(p, dict) for file in ("config", "meta") if (p := folder / name / f"{file}.json").exists()}
    files = [p for p in (folder / name).glob("metrics_epoch_*.json") if re.search(r"_\d+\.json$", p.name)]
    files.sort(key=lambda p: int(p.stem.rpartition("_")[2]))
    epochs = [read_json(p, dict) for p in files]
    if not told and not epochs and not left:
        return None
    peaks = [v for e in epochs for key, v in e.items() if re.fullmatch(r"peak_(worker|gpu)_\d+_memory_MB", key)]
    memory = told.get("peak_memory_mb") or max(peaks, default=None)
    config, versions = (told[key] if isinstance(told.get(key), dict) else {} for key in ("config", "versions"))
    return Run(told.get("seconds"), memory, config or left.get("config", {}), versions or _versions(left, told), epochs)


def _versions(left: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    ours, theirs = told.get("code"), left.get("meta", {}).get("version")
    return {name: version for name, version in (("xlamaml_allennlp", ours), ("allennlp", theirs)) if version}


def _time(seconds: Sequence[float]) -> Cell:
    return number(mean(seconds) / 60 if seconds else None, "{:.1f}")
