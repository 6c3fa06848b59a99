"""What the runs behind the evaluations left: time, memory, configuration, versions, and numbers after each epoch."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any, Optional

from xlamaml_allennlp.reports.choosing import chosen
from xlamaml_allennlp.reports.evaluation import read_json
from xlamaml_allennlp.reports.results import Results
from xlamaml_allennlp.reports.table import MISSING, Cell, Table, named, number

LEFT = ("config", "meta", "environment")
# Of rows of the table of versions; others come after them.
ORDER = ("device", "python", "torch", "transformers", "tokenizers", "numpy", "allennlp", "xlamaml_allennlp")


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
    folder : `Optional[Path]`
        What `allennlp train` wrote, if it is there.
    """

    seconds: Optional[float] = None
    memory_mb: Optional[float] = None
    config: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, Any] = field(default_factory=dict)
    epochs: Sequence[Mapping[str, Any]] = ()
    folder: Optional[Path] = None


def read_runs(folder: Path, results: Results) -> dict[str, Run]:
    """The runs of the evaluations, by name, as far as the folder has them."""
    names = dict.fromkeys(e.run for e in results.evaluations if e.run)
    # A name is a file's name, and leads nowhere else.
    within = [name for name in names if Path(name).name == name]
    return {name: run for name in within if (run := _run(folder / "runs", name)) is not None}


def costs(results: Results, runs: Mapping[str, Run]) -> Optional[Table]:
    """Time and memory per setting; nothing where nothing is known."""
    rows = []
    of_rows = {s.label: results.of_setting(s) for s in chosen(results, ())}
    if left_out := set(results.left_out):
        of_rows["choosing among runs"] = [e for e in results.evaluations if e.setting in left_out]
    for name, evaluations in of_rows.items():
        own = [runs[name] for name in dict.fromkeys(e.run for e in evaluations) if name in runs]
        train = [run.seconds for run in own if run.seconds is not None]
        test = [e.seconds for e in evaluations if e.seconds is not None]
        memory = [run.memory_mb for run in own if run.memory_mb is not None]
        memory += [e.peak_memory_mb for e in evaluations if e.peak_memory_mb is not None]
        cells = [_time(train), _time(test), number(max(memory, default=None), "{:,.0f}")]
        rows.append([named(name), number(len(evaluations), "{:d}"), *cells])
    if not any(cell.value is not None for row in rows for cell in row[2:]):
        return None
    caption = "Means over runs and evaluations; memory is the most that any of them took."
    heads = ["", "evaluations", "minutes to train", "minutes to evaluate", "peak memory (MB)"]
    return Table("costs", "Cost", caption, heads, rows)


def versions(runs: Mapping[str, Run]) -> Optional[Table]:
    """What the runs ran on: a column for each set of versions and devices that differs."""
    sets: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for name, run in runs.items():
        if run.versions:
            key = tuple(sorted((part, str(version)) for part, version in run.versions.items()))
            sets.setdefault(key, []).append(name)
    if not sets:
        return None
    columns = [dict(key) for key in sets]
    names = sorted({name for of in columns for name in of}, key=lambda name: (_place(name), name))
    rows = [[named(name), *(Cell(of.get(name, MISSING)) for of in columns)] for name in names]
    caption = "All runs had the same."
    if len(sets) > 1:
        differing = [name for name in names if len({of.get(name) for of in columns}) > 1]
        others = "; ".join(f"column {place}: {_some(of)}" for place, of in enumerate(list(sets.values())[1:], 2))
        caption = f"Runs differ in {', '.join(differing)}: compare them with care ({others})."
    if unknown := [name for name, run in runs.items() if not run.versions]:
        caption += f" Nothing is known of {_some(unknown)}."
    heads = ["", *(f"{len(of)} run{'s' if len(of) > 1 else ''}" for of in sets.values())]
    return Table("versions", "Versions and devices", caption, heads, rows)


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _run(folder: Path, name: str) -> Optional[Run]:
    path, within = folder / f"{name}.json", folder / name
    told = read_json(path, dict) if path.exists() else {}
    if not told and not within.is_dir():
        return None
    # What training itself leaves in a run's folder. A study's record of the run has digests by the same names.
    left = {file: read_json(p, dict) for file in LEFT if (p := within / f"{file}.json").exists()}
    files = [p for p in within.glob("metrics_epoch_*.json") if re.search(r"_\d+\.json$", p.name)]
    files.sort(key=lambda p: int(p.stem.rpartition("_")[2]))
    epochs = [read_json(p, dict) for p in files]
    peaks = [v for e in epochs for key, v in e.items() if re.fullmatch(r"peak_(worker|gpu)_\d+_memory_MB", key)]
    memory = told.get("peak_memory_mb") or max(peaks, default=None)
    config, versions = (told[key] if isinstance(told.get(key), dict) else {} for key in ("config", "versions"))
    versions = versions or {**_versions(left, told), **left.get("environment", {})}
    return Run(told.get("seconds"), memory, config or left.get("config", {}), versions, epochs, within)


def _versions(left: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    ours, theirs = told.get("code"), left.get("meta", {}).get("version")
    return {name: version for name, version in (("xlamaml_allennlp", ours), ("allennlp", theirs)) if version}


def _time(seconds: Sequence[float]) -> Cell:
    return number(mean(seconds) / 60 if seconds else None, "{:.1f}")
