"""One evaluation: which method, auxiliary languages, seed and shots it is of, and what it cost."""

import csv
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional, Union

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.reports.setting import Setting

TEXTS = ("run", "archive", "command")
LISTS = ("auxiliary", "support", "query", "targets")
NUMBERS = ("seconds", "peak_memory_mb")
FIELDS = ("method", "seed", "shots", *TEXTS, *LISTS, *NUMBERS)
WAY_OUT = (
    'Give the folder an evaluation.json with "method" and "seed", list all in evaluations.csv (columns name, method, '
    "seed, and auxiliary, shots where there are), or name the folder METHOD.aux-hi+sw.shots-8.seed0 (the parts in the "
    "middle may be left out)."
)


@dataclass(frozen=True)
class Evaluation:
    """
    An evaluation of a run.

    # Parameters

    name : `str`
        The name of its folder.
    folder : `Path`
        Where its metrics and predictions are.
    setting : `Setting`
        Which row of a table it is in.
    seed : `int`
        The seed of the run.
    run, archive, command : `str`
        The run's name, what it left, and what evaluates it again; empty where nobody said.
    support, query, targets : `tuple[str, ...]`
        Languages, as far as somebody said.
    data : `Mapping[str, str]`
        Where the examples of a target are from, as far as somebody said: {target: path}.
    seconds, peak_memory_mb : `Optional[float]`
        What the evaluation cost.
    """

    name: str
    folder: Path
    setting: Setting
    seed: int
    run: str = ""
    archive: str = ""
    command: str = ""
    support: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)
    seconds: Optional[float] = None
    peak_memory_mb: Optional[float] = None


def read_evaluation(folder: Path, listed: Mapping[str, Mapping[str, Any]]) -> Evaluation:
    """
    The evaluation that lies in a folder: by its evaluation.json, else by a list, else by its name.

    # Parameters

    folder : `Path`
        The evaluation's folder.
    listed : `Mapping[str, Mapping[str, Any]]`
        Fields by the names of folders, as `read_list` reads them.

    # Raises

    `ConfigurationError`
        If none of the three tells method and seed.
    """
    path = folder / "evaluation.json"
    if path.exists():
        return _evaluation(folder, read_json(path, dict), str(path))
    if folder.name in listed:
        return _evaluation(folder, listed[folder.name], f"the line of {folder.name} in the list of evaluations")
    return _evaluation(folder, _fields_of_name(folder), str(folder))


def read_list(folder: Path) -> dict[str, Mapping[str, Any]]:
    """Fields by the names of evaluations, from evaluations.csv or evaluations.json (a list of objects) of a folder."""
    path = next((p for p in (folder / "evaluations.csv", folder / "evaluations.json") if p.exists()), None)
    if path is None:
        return {}
    if path.suffix == ".json":
        rows = read_json(path, list)
    else:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    listed: dict[str, Mapping[str, Any]] = {}
    for number, row in enumerate(rows, 1):
        unknown = sorted(set(map(str, row)) - {"name", *FIELDS})
        if "name" not in row or unknown:
            seen = f"has {', '.join(unknown)}, which nobody reads" if unknown else "has no name"
            raise ConfigurationError(f"{path}: entry {number} {seen}. It may have: name, {', '.join(FIELDS)}.")
        if row["name"] in listed:
            raise ConfigurationError(f"{path}: {row['name']} is listed twice. Keep one of the two.")
        listed[str(row["name"])] = {key: value for key, value in row.items() if value not in ("", None)}
    return listed


def read_json(path: Path, kind: type) -> Any:
    """What a JSON file holds, if it is of a kind; else an error that names the file."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path} is no JSON ({error}). Evaluate again, or mend the file.") from error
    if not isinstance(value, kind):
        wanted = "an object" if kind is dict else "a list"
        raise ConfigurationError(f"{path} holds {type(value).__name__}, and {wanted} is wanted.")
    return value


def _fields_of_name(folder: Path) -> dict[str, Any]:
    parts = re.fullmatch(r"(.+?)(?:\.aux-([^.]+))?(?:\.shots-([^.]+))?\.seed-?(\d+)", folder.name)
    if parts is None:
        raise ConfigurationError(f"{folder}: nothing tells which method and seed this evaluation is of. {WAY_OUT}")
    return dict(zip(("method", "auxiliary", "shots", "seed"), parts.groups(), strict=True))


def _evaluation(folder: Path, fields: Mapping[str, Any], place: str) -> Evaluation:
    for key in ("method", "seed"):
        if fields.get(key) in (None, ""):
            raise ConfigurationError(f"{place}: {key} is missing. {WAY_OUT}")
    given: dict[str, Any] = {key: str(fields[key]) for key in TEXTS if fields.get(key) is not None}
    given |= {key: _languages(fields.get(key)) for key in LISTS if key != "auxiliary"}
    given |= {key: _number(fields[key], key, place) for key in NUMBERS if fields.get(key) is not None}
    targets = fields.get("targets")
    given["data"] = {str(k): str(v) for k, v in targets.items()} if isinstance(targets, Mapping) else {}
    setting, seed = setting_of(fields, place)
    return Evaluation(folder.name, folder, setting, seed, **given)


def setting_of(fields: Mapping[str, Any], place: str) -> tuple[Setting, int]:
    """
    Which row of a table an evaluation is in, and its seed.

    # Parameters

    fields : `Mapping[str, Any]`
        `method`, `seed`, and `auxiliary` and `shots` where there are any.
    place : `str`
        Where they are from, for errors.

    # Raises

    `ConfigurationError`
        If seed or shots are nothing that such a thing can be.
    """
    shots = _shots(fields.get("shots"), place)
    seed = _number(fields["seed"], "seed", place)
    if not math.isfinite(seed) or seed != int(seed):
        raise ConfigurationError(f"{place}: seed is {fields['seed']!r}; it must be a whole number.")
    return Setting(str(fields["method"]), _languages(fields.get("auxiliary")), shots), int(seed)


def _languages(given: Any) -> tuple[str, ...]:
    # {language: path} names its languages too.
    parts = re.split(r"[+,\s]+", given) if isinstance(given, str) else list(given or [])
    return tuple(str(part) for part in parts if part not in ("", "-", "–"))


def _shots(given: Any, place: str) -> Union[int, str]:
    if given in (None, "", "0", 0):
        return 0
    if not isinstance(given, (int, str)):
        raise ConfigurationError(f"{place}: shots is {given!r:.80}; give a number, or the name of a set of examples.")
    return int(given) if str(given).isdecimal() else str(given)


def _number(given: Any, key: str, place: str) -> float:
    try:
        return float(given)
    except (TypeError, ValueError, OverflowError) as error:
        raise ConfigurationError(f"{place}: {key} is {given!r}; it must be a number.") from error
