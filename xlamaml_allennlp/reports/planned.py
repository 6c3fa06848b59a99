"""What a study's plan says of its evaluations: their order, and which of them only chose among runs."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from xlamaml_allennlp.reports.evaluation import read_json, read_list


class Planned(NamedTuple):
    """
    What is known of evaluations before they are read.

    # Parameters

    order : `tuple[str, ...]`
        Their names, as the study or the list of evaluations orders them; empty where nobody did.
    choosing : `frozenset[str]`
        Those by which a best run was chosen: they are no results.
    is_study : `bool`
        Whether a study says so, so that others are none of its evaluations (any more).
    listed : `Mapping[str, Mapping[str, Any]]`
        The folder's list of evaluations: fields by name.
    asked : `Mapping[str, Any]`
        What study.json holds; nothing where there is none.
    """

    order: tuple[str, ...] = ()
    choosing: frozenset[str] = frozenset()
    is_study: bool = False
    listed: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
    asked: Mapping[str, Any] = MappingProxyType({})


def read_plan(folder: Path) -> Planned:
    """The plan in a folder's study.json, else in its list of evaluations."""
    path = folder / "study.json"
    asked = read_json(path, dict) if path.exists() else {}
    listed, evaluations = read_list(folder), asked.get("evaluations")
    if not isinstance(evaluations, Mapping) or not evaluations:
        return Planned(tuple(listed), listed=listed, asked=asked)
    chose = frozenset(name for each in evaluations.values() for name in _chose(each))
    return Planned(tuple(evaluations), chose, True, listed, asked)


def _chose(evaluation: Any) -> list[str]:
    run = evaluation.get("run") if isinstance(evaluation, Mapping) else None
    best_of = run.get("best_of") if isinstance(run, Mapping) else None
    if not isinstance(best_of, Mapping):
        return []
    return [*best_of.get("minus", ()), *(name for each in best_of.get("candidates", ()) for name in each.get("by", ()))]
