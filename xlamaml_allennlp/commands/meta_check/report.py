"""What was found, laid out for reading, and which estimator it advises."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from xlamaml_allennlp.commands.meta_check.estimators import Estimator

HEAD: tuple[str, ...] = (
    "estimator",
    "precision",
    "gradient",
    "2nd order",
    "gradient*",
    "2nd order*",
    "s per step",
    "peak MB",
)
ERRORS = ("gradient", "second_order", "slope", "second_order_slope")
LEGEND = """\
Errors are relative to the length of what is estimated, the largest of the episodes. Without a star: against `exact` in
float64; with a star: against finite differences of the meta-objective in float64, in the direction of the whole
meta-gradient and in that of its second-order term. Both without dropout. Time and memory: in a process of its own, as
in training; memory above the loaded model, gradients included.

How to read an error: 1e-7 is the same gradient, up to the rounding of float32; 1e-2 is one percent off; 1 is as wrong
as no gradient at all (in "2nd order": the term is left out, as first_order means to)."""
# Errors up to a number, and what it means.
MEANINGS = ((1e-5, "the same gradient, up to rounding"), (1e-2, "the same gradient, within one percent"))


@dataclass
class Row:
    """
    What was measured of one estimator.

    # Parameters

    estimator : `Estimator`
        The estimator.
    cost, errors : `Dict[str, float]`
        As `measurement.measure` returns them; empty if it failed.
    failure : `str`, optional (default = `""`)
        Why it failed.
    """

    estimator: Estimator
    cost: dict[str, float] = field(default_factory=dict)
    errors: dict[str, float] = field(default_factory=dict)
    failure: str = ""

    def within(self, tolerance: float) -> bool:
        # Each by itself: `max` would lose an error that is not a number, and is not within anything.
        return bool(self.errors) and all(self.errors[key] <= tolerance for key in ("gradient", "slope"))

    def figures(self) -> dict[str, Any]:
        """For a JSON file."""
        own = self.estimator
        keys = {"inner_loop": own.keys, "precision": own.precision, "configured": own.configured}
        return {"name": own.name, **keys, "cost": self.cost, "errors": self.errors, "failure": self.failure}


class Table:
    """
    A line per estimator, each as soon as it is measured; the configured one has an arrow.

    # Parameters

    estimators : `Sequence[Estimator]`
        All that will have a line.
    """

    def __init__(self, estimators: Sequence[Estimator]) -> None:
        names = [HEAD[:2], *((_name(each), each.precision) for each in estimators)]
        self._widths = [max(map(len, column)) for column in zip(*names, strict=True)]

    def head(self) -> str:
        """The names of the columns, and a rule."""
        line = self._laid(HEAD)
        return f"{line}\n{'-' * len(line)}"

    def line(self, row: Row) -> str:
        """One estimator's; why it failed stands below."""
        own = row.estimator
        if row.failure:
            cells = ("failed", *["-"] * (len(HEAD) - 3))
            below = f"\n  {own.name} in {own.precision}: {row.failure}"
        else:
            errors = (f"{row.errors[key]:.1e}" for key in ERRORS)
            cells = (*errors, f"{row.cost['seconds']:.3f}", f"{row.cost['megabytes']:.0f}")
            below = ""
        return self._laid((_name(own), own.precision, *cells)) + below

    def _laid(self, cells: Sequence[str]) -> str:
        left = [cell.ljust(width) for cell, width in zip(cells, self._widths, strict=False)]
        right = [cell.rjust(len(name)) for cell, name in zip(cells[2:], HEAD[2:], strict=True)]
        return "  ".join([*left, *right])


def _name(estimator: Estimator) -> str:
    return f"{'> ' if estimator.configured else '  '}{estimator.name}"


def advice(rows: Sequence[Row], size_of_second_order: float, tolerance: float) -> str:
    """Which estimator to use: the fastest, and the smallest, that are within the tolerance."""
    own = next(row for row in rows if row.estimator.configured)
    good = [row for row in rows if row.within(tolerance)]
    lines = [f"The second-order term is {100 * size_of_second_order:.2g} % of the meta-gradient."]
    if not good:
        lines.append(f"No estimator is within the tolerance of {tolerance:g}. See the traps, or raise --tolerance.")
    else:
        fastest = min(good, key=lambda row: row.cost["seconds"])
        smallest = min(good, key=lambda row: row.cost["megabytes"])
        lines.append(f"Within {tolerance:g} the fastest is {_said(fastest, own)}.")
        if smallest is not fastest:
            lines.append(f"The one with the least memory is {_said(smallest, own)}.")
    if size_of_second_order <= tolerance and own.estimator.keys["type"] != "first_order":
        lines.append(
            "At this inner learning rate first_order is within the tolerance too: what the others add is smaller."
        )
    return "\n".join(lines)


def verdict(rows: Sequence[Row], traps: Sequence[str], tolerance: float) -> Optional[str]:
    """Why the configured estimator cannot be trusted; `None` if it can."""
    own = next(row for row in rows if row.estimator.configured)
    if own.failure:
        return f"The configured estimator, {own.estimator.name}, failed: {own.failure}"
    if not own.within(tolerance):
        off = max(own.errors["gradient"], own.errors["slope"])
        return (
            f"The configured estimator, {own.estimator.name} in {own.estimator.precision}, is off by {off:.2g}, more "
            f"than the tolerance of {tolerance:g}. Change trainer.inner_loop.type or trainer.precision, or raise "
            "--tolerance."
        )
    if own.estimator.keys.get("micro_batch_size") and any("no mean over examples" in trap for trap in traps):
        return "inner_loop.micro_batch_size is set, but the model's loss is no mean over examples."
    return None


def opening(rows: Sequence[Row], problem: Optional[str], tolerance: float) -> str:
    """What a user wants to know first."""
    if problem:
        return f"Not good. {problem}"
    own = next(row for row in rows if row.estimator.configured)
    off = max(own.errors["gradient"], own.errors["slope"])
    meaning = next((words for most, words in MEANINGS if off <= most), f"within your tolerance of {tolerance:g}")
    name = f"{own.estimator.name} in {own.estimator.precision}"
    return f"Good. The configured estimator, {name}, is off by {off:.1e}: {meaning}."


def _said(row: Row, own: Row) -> str:
    name = f"{row.estimator.name} in {row.estimator.precision}"
    if row is own:
        return f"{name}, as configured"
    time, memory = (row.cost[key] / own.cost[key] for key in ("seconds", "megabytes")) if own.cost else (None, None)
    return name if time is None else f"{name}: {time:.2f} of the configured one's time, {memory:.2f} of its memory"
