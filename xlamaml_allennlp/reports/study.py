"""What to show: the tables, figures and comparisons that a study.json asks for, or the plain ones."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.reports.choosing import baseline_of, chosen
from xlamaml_allennlp.reports.paper import PAPER_TABLES
from xlamaml_allennlp.reports.results import Results

logger = logging.getLogger(__name__)

KINDS = ("heat_map", "points", "learning_curves", "confusion", "questions")


@dataclass(frozen=True)
class TableAsked:
    """
    A table: a row per setting, a column per target, and the mean of the targets.

    # Parameters

    title : `str`, optional (default = `""`)
        Its title.
    metric : `str`, optional (default = `""`)
        The measure. Empty: one table per measure.
    methods : `Sequence[str]`, optional (default = `()`)
        Names of methods, or labels of settings, in the order of rows. Empty: all.
    targets : `Sequence[str]`, optional (default = `()`)
        The columns. Empty: all.
    baseline : `str`, optional (default = `""`)
        The method that differences and stars refer to. Empty: one that is called a baseline, else the first.
    paper : `str`, optional (default = `""`)
        The paper's table to show beside it: "table3" to "table7".
    """

    title: str = ""
    metric: str = ""
    methods: Sequence[str] = ()
    targets: Sequence[str] = ()
    baseline: str = ""
    paper: str = ""


@dataclass(frozen=True)
class FigureAsked:
    """
    A figure: "heat_map" (auxiliary x target, differences to the baseline), "points" (targets, every seed),
    "learning_curves", "confusion" (NLI) or "questions" (QA). Other parameters are those of `TableAsked`.
    """

    kind: str
    title: str = ""
    metric: str = ""
    methods: Sequence[str] = ()
    targets: Sequence[str] = ()
    baseline: str = ""


@dataclass(frozen=True)
class ComparisonAsked:
    """A method against a control, by their names; parameters as of `TableAsked`."""

    method: str
    control: str
    metric: str = ""
    targets: Sequence[str] = ()


Asked = TypeVar("Asked", TableAsked, FigureAsked, ComparisonAsked)


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
        If a key, a kind of figure or a table of the paper does not exist.
    """
    path, given = folder / "study.json", results.asked
    tables = [_asked(each, TableAsked, f"{path}: tables") for each in given.get("tables") or [{}]]
    figures = [_asked(each, FigureAsked, f"{path}: figures") for each in given.get("figures") or _all_figures()]
    comparisons = [
        _asked(_named(each), ComparisonAsked, f"{path}: comparisons")
        for each in given.get("comparisons") or _all_comparisons(results)
    ]
    for each in (*tables, *figures, *comparisons):
        _check(each, results, path)
    title = str(given.get("title") or given.get("name") or folder.resolve().name)
    return Study(title, tables, figures, comparisons, bool(given.get("comparisons")))


def _all_figures() -> list[dict[str, Any]]:
    return [{"kind": kind} for kind in KINDS]


def _all_comparisons(results: Results) -> list[Any]:
    base = baseline_of(results)
    methods = dict.fromkeys(each.method for each in chosen(results, ()))
    return [] if base is None else [[name, base.method] for name in methods if name != base.method]


def _named(each: Any) -> Any:
    is_pair = isinstance(each, list) and len(each) == 2
    return dict(zip(("method", "control"), each, strict=True)) if is_pair else each


def _asked(given: Any, kind: type[Asked], place: str) -> Asked:
    keys = {field.name: field for field in fields(kind)}
    if not isinstance(given, Mapping):
        raise ConfigurationError(f"{place}: {given!r} is no object with keys ({', '.join(keys)}).")
    missing = [name for name, field in keys.items() if field.default is MISSING and name not in given]
    unknown = [name for name in given if name not in keys]
    if missing or unknown:
        seen = f"lacks {', '.join(missing)}" if missing else f"has {', '.join(unknown)}, which nobody reads"
        raise ConfigurationError(f"{place}: an entry {seen}. It may have {', '.join(keys)}.")
    return kind(**given)


def _check(asked: Any, results: Results, path: Path) -> None:
    """Refuses what no run could make right; results that are not there yet are shown as missing."""
    if getattr(asked, "paper", "") and asked.paper not in PAPER_TABLES:
        raise ConfigurationError(f'{path}: paper "{asked.paper}" is none of {", ".join(PAPER_TABLES)}.')
    if isinstance(asked, FigureAsked) and asked.kind not in KINDS:
        raise ConfigurationError(f'{path}: kind "{asked.kind}" is none of {", ".join(KINDS)}.')
    known = {name for each in results.settings for name in (each.method, each.label)}
    of_asked = [*getattr(asked, "methods", ()), *(getattr(asked, key, "") for key in ("baseline", "method", "control"))]
    for name in of_asked:
        if name and name not in known:
            logger.warning('%s: there are no results of "%s" (of: %s).', path, name, ", ".join(sorted(known)))
    if asked.metric and asked.metric not in results.measures:
        measures = ", ".join(results.measures)
        logger.warning('%s: there are no results by the metric "%s" (by: %s).', path, asked.metric, measures)
