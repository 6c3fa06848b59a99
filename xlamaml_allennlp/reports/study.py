"""What to show: the tables, figures and comparisons that a study.json asks for, or the plain ones."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, Optional, TypeVar

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.reports.evaluation import read_json
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


def read_study(folder: Path, results: Results) -> Study:
    """
    What a folder's study.json asks for; what it does not name is shown as it is by default: a table per measure, each
    method against the baseline, and every figure that there are results for.

    # Parameters

    folder : `Path`
        The folder.
    results : `Results`
        What was measured.

    # Raises

    `ConfigurationError`
        If a key, a kind of figure or a table of the paper does not exist.
    """
    path = folder / "study.json"
    given = read_json(path, dict) if path.exists() else {}
    tables = [_asked(each, TableAsked, f"{path}: tables") for each in given.get("tables") or [{}]]
    figures = [_asked(each, FigureAsked, f"{path}: figures") for each in given.get("figures") or _all_figures()]
    comparisons = [
        _asked(_named(each), ComparisonAsked, f"{path}: comparisons")
        for each in given.get("comparisons") or _all_comparisons(results)
    ]
    for each in (*tables, *figures, *comparisons):
        _check(each, results, path)
    return Study(str(given.get("title") or folder.resolve().name), tables, figures, comparisons)


def baseline_of(results: Results, name: str = "") -> Optional[Setting]:
    """The setting that others are compared with; `None` where there is only one."""
    settings = results.settings
    if name:
        return next((each for each in settings if name in (each.method, each.label)), None)
    if len(settings) < 2:
        return None
    called = [each for each in settings if "baseline" in each.method.lower()]
    return (called or [each for each in settings if not each.auxiliary] or settings)[0]


def chosen(results: Results, names: Sequence[str]) -> list[Setting]:
    """
    The settings that names (of methods, or labels of settings) stand for, in the order of the names; a name without
    results is a setting without results. All settings for no names, the baseline first.
    """
    if names:
        found = [[s for s in results.settings if name in (s.method, s.label)] or [Setting(name)] for name in names]
        return list(dict.fromkeys(each for of_name in found for each in of_name))
    base = baseline_of(results)
    return sorted(results.settings, key=lambda each: (each != base, str(each.shots), each.auxiliary != ()))


def matched(results: Results, method: Setting, control: str) -> Optional[Setting]:
    """The setting of a control that goes with a method's: of the same auxiliary languages and shots, else of none."""
    own = [each for each in results.settings if control in (each.method, each.label) and each != method]
    same = [each for each in own if (each.auxiliary, each.shots) == (method.auxiliary, method.shots)]
    plain = [each for each in own if each.shots == method.shots and not each.auxiliary]
    return next(iter(same + plain + (own if len(own) == 1 else [])), None)


def _all_figures() -> list[dict[str, Any]]:
    return [{"kind": kind} for kind in KINDS]


def _all_comparisons(results: Results) -> list[Any]:
    base = baseline_of(results)
    methods = dict.fromkeys(each.method for each in results.settings)
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
