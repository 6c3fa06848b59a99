"""Which archives of a study stay: each is some hundred megabytes, and a table may have hundreds of runs."""

from collections.abc import Iterable
from typing import Literal

from xlamaml_allennlp.studies.folder import METRICS, read_object
from xlamaml_allennlp.studies.standing import DONE, Standings
from xlamaml_allennlp.studies.study import Evaluation, Run

Keep = Literal["none", "best", "all"]


def release(standings: Standings, keep: Keep) -> list[str]:
    """
    Removes the archives of finished runs that no step to come can use, but those that are to be kept.

    # Parameters

    standings : `Standings`
        What has been done.
    keep : `Literal["none", "best", "all"]`
        "best": of runs that differ in their seed alone, the one with the highest score in its first evaluation, and
        every run that a choice has chosen.

    # Returns

    `list[str]`
        The runs whose archives were removed.
    """
    if keep == "all":
        return []
    runs = [run for run in standings.study.runs.values() if standings.folder.archive(run.name).exists()]
    idle = [run for run in runs if standings.of(run).act == DONE]
    kept = standings.wanted() | (_best(standings, idle) if keep == "best" else set())
    removed = [run.name for run in idle if run.name not in kept]
    for name in removed:
        standings.folder.archive(name).unlink()
    return removed


def group_of(run: Run) -> object:
    """What runs share that differ in their seed alone."""
    return run.method, tuple(run.auxiliary), run.shots, tuple(run.support), tuple(run.query)


def _best(standings: Standings, runs: Iterable[Run]) -> set[str]:
    study, folder = standings.study, standings.folder
    chosen = {(folder.record(each) or {}).get("run") for each in study.evaluations.values() if each.judges}
    groups: dict[object, list[Run]] = {}
    for run in runs:
        groups.setdefault(group_of(run), []).append(run)
    best = [max(members, key=lambda run: _score(standings, run)).name for members in groups.values()]
    return {name for name in (*chosen, *best) if name is not None}


def _score(standings: Standings, run: Run) -> float:
    for evaluation in standings.study.evaluations.values():
        if evaluation.run == run.name:
            return _mean(standings, evaluation)
    return 0.0


def _mean(standings: Standings, evaluation: Evaluation) -> float:
    metrics = read_object(standings.folder.folder(evaluation) / METRICS) or {}
    # A mean of the languages, of whichever measure comes first.
    return next((value for key, value in metrics.items() if key.endswith("/mean")), 0.0)
