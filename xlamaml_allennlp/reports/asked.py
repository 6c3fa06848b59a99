"""What a study.json may ask a report for, with every slip named."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any, TypeVar, Union

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.reports.paper import PAPER_TABLES

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
class AllAsked:
    """Everything that is asked for; what is empty is left to the report."""

    title: str
    tables: Sequence[TableAsked]
    figures: Sequence[FigureAsked]
    comparisons: Sequence[ComparisonAsked]

    @property
    def everything(self) -> list[Union[TableAsked, FigureAsked, ComparisonAsked]]:
        """All entries."""
        return [*self.tables, *self.figures, *self.comparisons]


def asked_by(given: Mapping[str, Any], place: str) -> AllAsked:
    """
    What the keys `title`, `tables`, `figures` and `comparisons` ask for.

    # Parameters

    given : `Mapping[str, Any]`
        The content of a study.json, or of what becomes one.
    place : `str`
        Where it is from, for errors.

    # Raises

    `ConfigurationError`
        If a key, a kind of figure or a table of the paper does not exist, or a value is of the wrong kind.
    """
    title = "" if given.get("title") is None else given["title"]
    if not isinstance(title, str):
        raise ConfigurationError(f"{place}: title is {title!r:.80}; give a text.")
    asked = AllAsked(
        title,
        _entries(given, "tables", TableAsked, place),
        _entries(given, "figures", FigureAsked, place),
        _entries(given, "comparisons", ComparisonAsked, place),
    )
    for each in asked.everything:
        _check(each, place)
    return asked


def names_in(asked: Union[TableAsked, FigureAsked, ComparisonAsked]) -> list[str]:
    """The names of methods, or labels of settings, in an entry; some may be empty."""
    return [*getattr(asked, "methods", ()), *(getattr(asked, key, "") for key in ("baseline", "method", "control"))]


def _entries(given: Mapping[str, Any], key: str, kind: type[Asked], place: str) -> list[Asked]:
    entries = [] if given.get(key) is None else given[key]
    if not isinstance(entries, list):
        raise ConfigurationError(f"{place}: {key} is {entries!r:.80}; give an array.")
    return [_asked(_named(each) if kind is ComparisonAsked else each, kind, f"{place}: {key}") for each in entries]


def _named(each: Any) -> Any:
    is_pair = isinstance(each, list) and len(each) == 2
    return dict(zip(("method", "control"), each, strict=True)) if is_pair else each


def _asked(given: Any, kind: type[Asked], place: str) -> Asked:
    keys = {field.name: field for field in fields(kind)}
    if not isinstance(given, Mapping):
        pair = " and no pair [method, control]" if kind is ComparisonAsked else ""
        raise ConfigurationError(f"{place}: {given!r:.80} is no object with keys ({', '.join(keys)}){pair}.")
    # Null is the default.
    given = {name: value for name, value in given.items() if value is not None}
    missing = [name for name, field in keys.items() if field.default is MISSING and name not in given]
    unknown = [name for name in given if name not in keys]
    if missing or unknown:
        seen = f"lacks {', '.join(missing)}" if missing else f"has {', '.join(unknown)}, which nobody reads"
        raise ConfigurationError(f"{place}: an entry {seen}. It may have {', '.join(keys)}.")
    for name, value in given.items():
        is_array = keys[name].default == ()
        texts = value if is_array else [value]
        if not isinstance(texts, (list, tuple)) or not all(isinstance(each, str) for each in texts):
            wanted = "an array of texts" if is_array else "a text"
            raise ConfigurationError(f"{place}: {name} is {value!r:.80}; give {wanted}.")
    return kind(**given)


def _check(asked: Any, place: str) -> None:
    """Refuses what no run could make right."""
    if getattr(asked, "paper", "") and asked.paper not in PAPER_TABLES:
        raise ConfigurationError(f'{place}: paper "{asked.paper}" is none of {", ".join(PAPER_TABLES)}.')
    if isinstance(asked, FigureAsked) and asked.kind not in KINDS:
        raise ConfigurationError(f'{place}: kind "{asked.kind}" is none of {", ".join(KINDS)}.')
