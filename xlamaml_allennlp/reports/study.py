"""What to show: the tables, figures and comparisons that a study.json asks for, or the plain ones."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.reports.choosing import baseline_of, chosen, on_one_data
from xlamaml_allennlp.reports.paper import PAPER_TABLES
from xlamaml_allennlp.reports.results import Results
from xlamaml_allennlp.reports.setting import Setting

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
    groups = on_one_data(results)
    all_tables, all_figures = _all_tables(results, groups), _all_figures(results, groups)
    tables = [_asked(each, TableAsked, f"{path}: tables") for each in given.get("tables") or all_tables]
    figures = [_asked(each, FigureAsked, f"{path}: figures") for each in given.get("figures") or all_figures]
    comparisons = [
        _asked(_named(each), ComparisonAsked, f"{path}: comparisons")
        for each in given.get("comparisons") or _all_comparisons(results)
    ]
    for each in (*tables, *figures, *comparisons):
        _check(each, path)
    _warn([*tables, *figures, *comparisons], results, path)
    title = str(given.get("title") or given.get("name") or folder.resolve().name)
    return Study(title, tables, figures, comparisons, bool(given.get("comparisons")))


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


def _check(asked: Any, path: Path) -> None:
    """Refuses what no run could make right."""
    if getattr(asked, "paper", "") and asked.paper not in PAPER_TABLES:
        raise ConfigurationError(f'{path}: paper "{asked.paper}" is none of {", ".join(PAPER_TABLES)}.')
    if isinstance(asked, FigureAsked) and asked.kind not in KINDS:
        raise ConfigurationError(f'{path}: kind "{asked.kind}" is none of {", ".join(KINDS)}.')


def _warn(everything: Sequence[Any], results: Results, path: Path) -> None:
    """Says once what there are no results of (yet); it is shown as missing."""
    known = {name for each in results.settings for name in (each.method, each.label)}
    methods = [name for asked in everything for name in _methods(asked) if name and name not in known]
    metrics = [asked.metric for asked in everything if asked.metric and asked.metric not in results.measures]
    kinds = (("of", methods, [each.method for each in results.settings]), ("by the metric", metrics, results.measures))
    for kind, missing, there in kinds:
        if missing:
            names, others = (", ".join(f'"{name}"' for name in dict.fromkeys(some)) for some in (missing, there))
            logger.warning("%s: there are no results %s %s (%s: %s).", path, kind, names, kind.split()[0], others)


def _methods(asked: Any) -> list[str]:
    return [*getattr(asked, "methods", ()), *(getattr(asked, key, "") for key in ("baseline", "method", "control"))]
