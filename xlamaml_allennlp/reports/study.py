"""What to show: the tables, figures and comparisons that a study.json asks for, or the plain ones."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlamaml_allennlp.reports.asked import KINDS, ComparisonAsked, FigureAsked, TableAsked, asked_by, names_in
from xlamaml_allennlp.reports.choosing import baseline_of, chosen, on_one_data
from xlamaml_allennlp.reports.results import Results
from xlamaml_allennlp.reports.setting import Setting

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Study:
    """What a report shows."""

    title: str
    tables: Sequence[TableAsked]
    figures: Sequence[FigureAsked]
    comparisons: Sequence[ComparisonAsked]
    # Whether study.json named the comparisons, so that one without results is to be spoken of.
    named: bool = False


def read_study(folder: Path, results: Results) -> Study:
    """
    What a folder's study.json asks for; what it does not name is shown as it is by default: a table per measure, each
    method against the baseline, and every figure that there are results for.

    # Parameters

    folder : `Path`
        The folder, for its name and for errors.
    results : `Results`
        What was measured, and what study.json asks for.

    # Raises

    `ConfigurationError`
        If a key, a kind of figure or a table of the paper does not exist, or a value is of the wrong kind.
    """
    path, given = folder / "study.json", results.asked
    groups = on_one_data(results)
    plain = {
        "tables": _all_tables(results, groups),
        "figures": _all_figures(results, groups),
        "comparisons": _all_comparisons(results),
    }
    unsaid = {key: value for key, value in plain.items() if given.get(key) in (None, [])}
    asked = asked_by({**given, **unsaid}, str(path))
    _warn(asked.everything, results, path)
    title = asked.title or str(given.get("name") or folder.resolve().name)
    return Study(title, asked.tables, asked.figures, asked.comparisons, bool(given.get("comparisons")))


def _all_tables(results: Results, groups: Sequence[Sequence[Setting]]) -> list[dict[str, Any]]:
    """One per measure. What was evaluated on other data, such as development sets, has its own: no mean is of both."""
    if len(groups) < 2:
        return [{}]
    columns = [(settings, m, _targets(results, settings, m)) for settings in groups for m in results.measures]
    return [
        {"metric": measure, "methods": [each.label for each in settings], "targets": targets}
        for settings, measure, targets in columns
        if targets
    ]


def _all_figures(results: Results, groups: Sequence[Sequence[Setting]]) -> list[dict[str, Any]]:
    """Every kind, of the first data."""
    if len(groups) < 2:
        return [{"kind": kind} for kind in KINDS]
    settings = groups[0]
    targets = sorted({target for measure in results.measures for target in _targets(results, settings, measure)})
    return [{"kind": kind, "methods": [each.label for each in settings], "targets": targets} for kind in KINDS]


def _targets(results: Results, settings: Sequence[Setting], measure: str) -> list[str]:
    return [t for t in results.targets(measure) if any(results.of(each, measure, t) for each in settings)]


def _all_comparisons(results: Results) -> list[Any]:
    base = baseline_of(results)
    methods = dict.fromkeys(each.method for each in chosen(results, ()))
    return [] if base is None else [[name, base.method] for name in methods if name != base.method]


def _warn(everything: Sequence[Any], results: Results, path: Path) -> None:
    """Says once what there are no results of (yet); it is shown as missing."""
    known = {name for each in results.settings for name in (each.method, each.label)}
    methods = [name for asked in everything for name in names_in(asked) if name and name not in known]
    metrics = [asked.metric for asked in everything if asked.metric and asked.metric not in results.measures]
    kinds = (("of", methods, [each.method for each in results.settings]), ("by the metric", metrics, results.measures))
    for kind, missing, there in kinds:
        if missing:
            names, others = (", ".join(f'"{name}"' for name in dict.fromkeys(some)) for some in (missing, there))
            logger.warning("%s: there are no results %s %s (%s: %s).", path, kind, names, kind.split()[0], others)
