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
in training; memory above the loaded model, gradients included."""


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


def table(rows: Sequence[Row]) -> str:
    """A line per estimator; the configured one has an arrow. Why an estimator failed stands below."""
    lines = [HEAD, *(_cells(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    laid = [
        "  ".join(
            cell.ljust(width) if i < 2 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    ]
    laid.insert(1, "-" * len(laid[0]))
    laid += [f"  {row.estimator.name} in {row.estimator.precision}: {row.failure}" for row in rows if row.failure]
    return "\n".join(laid)


def _cells(row: Row) -> tuple[str, ...]:
    name = f"{'> ' if row.estimator.configured else '  '}{row.estimator.name}"
    if row.failure:
        return (name, row.estimator.precision, "failed", *["-"] * (len(HEAD) - 3))
    errors = (f"{row.errors[key]:.1e}" for key in ERRORS)
    return (name, row.estimator.precision, *errors, f"{row.cost['seconds']:.3f}", f"{row.cost['megabytes']:.0f}")


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


def _said(row: Row, own: Row) -> str:
    name = f"{row.estimator.name} in {row.estimator.precision}"
    if row is own:
        return f"{name}, as configured"
    time, memory = (row.cost[key] / own.cost[key] for key in ("seconds", "megabytes")) if own.cost else (None, None)
    return name if time is None else f"{name}: {time:.2f} of the configured one's time, {memory:.2f} of its memory"
