"""In what two episodes differ, and where two runs begin to."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any, Optional

from xlamaml_allennlp.files.opening import name_of
from xlamaml_allennlp.provenance import Example, Line

ROUNDING = 1e-5
"""Up to which relative difference two figures are one figure, rounded otherwise: some hundred units of float32."""

FIGURES = (
    ("support loss", "support_loss"),
    ("query loss", "query_loss"),
    ("length of the meta-gradient", "meta_gradient_norm"),
    ("length of the support gradient", "support_gradient_norm"),
    ("length of the query gradient", "query_gradient_norm"),
    ("cosine", "cosine"),
)
WHERE_THERE = {"support_gradient_norm", "query_gradient_norm", "cosine"}
"""Figures that a ledger has if its config or estimator gives them; where one has none, nothing is compared."""


@dataclass(frozen=True)
class Difference:
    """
    The first thing in which two episodes differ.

    # Parameters

    episode : `int`
        Its number.
    step : `int`
        Its meta step.
    what : `str`
        "step", "languages", "ids", "rows", "files", one of `FIGURES`, or "end" where one of the runs has no such
        episode.
    ours, theirs : `Any`
        What stands in the one ledger, and in the other.
    relative : `Optional[float]`, optional (default = `None`)
        How far figures are apart, relative to the larger one.
    """

    episode: int
    step: int
    what: str
    ours: Any
    theirs: Any
    relative: Optional[float] = None

    @property
    def within_rounding(self) -> bool:
        """Whether it is no more than the order in which numbers were added may make."""
        return self.relative is not None and self.relative <= ROUNDING

    def figures(self) -> dict[str, Any]:
        """For a JSON file."""
        return {**asdict(self), "within_rounding": self.within_rounding}


def differences(ours: Line, theirs: Line) -> Iterator[Difference]:
    """In what two lines differ: what was trained on before what came of it. Seconds and workers may."""
    if ours.step != theirs.step:
        yield Difference(ours.episode, ours.step, "step", ours.step, theirs.step)
        return  # other weights, by other episodes before
    for what, told in (("languages", _languages), ("ids", _ids), ("rows", _rows), ("files", _files)):
        one, other = ([told(side) for side in (line.support, line.query)] for line in (ours, theirs))
        if one != other:
            yield Difference(ours.episode, ours.step, what, one, other)
            return  # whatever follows follows from that
    for what, name in FIGURES:
        one, other = getattr(ours, name), getattr(theirs, name)
        if one != other and not (name in WHERE_THERE and None in (one, other)) and not _are_nan(one, other):
            yield Difference(ours.episode, ours.step, what, one, other, _relative(name, one, other))


def compare(ours: Iterable[Line], theirs: Iterable[Line]) -> tuple[Optional[Difference], Optional[Difference]]:
    """
    The first difference between two runs, and the first that is more than rounding; `None` where there is none.

    # Parameters

    ours, theirs : `Iterable[Line]`
        Their ledgers' lines, in their order.
    """
    first: Optional[Difference] = None
    for one, other in zip_longest(ours, theirs):
        for found in [_end(one, other)] if _ends(one, other) else differences(one, other):
            first = first or found
            if not found.within_rounding:
                return first, found
    return first, None


def _ends(one: Optional[Line], other: Optional[Line]) -> bool:
    return one is None or other is None or one.episode != other.episode


def _end(one: Optional[Line], other: Optional[Line]) -> Difference:
    """One of the ledgers has no line about an episode: at its end, or where it has a gap."""
    there = min((line for line in (one, other) if line is not None), key=lambda line: line.episode)
    ours, theirs = ("missing" if line is not there else "there" for line in (one, other))
    return Difference(there.episode, there.step, "end", ours, theirs)


def _are_nan(one: Optional[float], other: Optional[float]) -> bool:
    return one is not None and other is not None and math.isnan(one) and math.isnan(other)


def _relative(name: str, one: Optional[float], other: Optional[float]) -> float:
    if one is None or other is None:
        return math.inf
    # Nought is no small cosine, but one like any other between -1 and 1.
    return abs(one - other) / (1.0 if name == "cosine" else max(abs(one), abs(other)))


def _languages(side: Iterable[Example]) -> list[str]:
    return [each.language for each in side]


def _ids(side: Iterable[Example]) -> list[str]:
    return [each.id for each in side]


def _rows(side: Iterable[Example]) -> list[Optional[int]]:
    return [each.row for each in side]


def _files(side: Iterable[Example]) -> list[Optional[str]]:
    # By their names: the folder may be another one on another machine.
    return [each.source and name_of(each.source).rpartition("/")[2] for each in side]
