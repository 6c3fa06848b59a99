"""A plan in words."""

from collections import Counter

from rich import box
from rich.console import Console
from rich.table import Table

from xlamaml_allennlp.studies.estimate import Estimate
from xlamaml_allennlp.studies.plan import Plan
from xlamaml_allennlp.studies.standing import Act

ACTS: dict[Act, str] = {
    "done": "there already",
    "begin": "to be done",
    "recover": "goes on where it stopped",
    "anew": "begun anew",
}


def print_plan(console: Console, plan: Plan, jobs: int, every_step: bool) -> None:
    """
    Prints what will be done, what is there, and what the rest will take.

    # Parameters

    console : `Console`
        Where to.
    plan : `Plan`
        The plan.
    jobs : `int`
        Steps at a time.
    every_step : `bool`
        Whether each step is named, or only those that something is said of.
    """
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in ("step", "what", ""):
        table.add_column(column)
    for each in plan.standings:
        if every_step or each.why:
            table.add_row(each.step.id, ACTS[each.act], each.why)
    if table.row_count:
        console.print(table)
        console.print()
    counts = Counter((each.step.kind, each.act) for each in plan.standings)
    for kind in ("runs", "evaluations"):
        parts = [f"{counts[kind, act]} {said}" for act, said in ACTS.items() if counts[kind, act]]
        console.print(f"{kind}: {', '.join(parts) or 'none'}")
    if plan.left:
        console.print(_estimate(plan.estimate, jobs))
    for note in plan.notes:
        console.print(note)


def _estimate(estimate: Estimate, jobs: int) -> str:
    if not estimate.known:
        return f"Time and disk: unknown yet, for nothing like {estimate.unknown} of the steps has been done here."
    at_once = f" ({jobs} steps at a time)" if jobs > 1 else ""
    took = f"about {duration(estimate.seconds / jobs)}{at_once} and {estimate.kept_mb:,.0f} MB"
    if not estimate.unknown:
        return f"By what was measured here the rest takes {took}."
    return (
        f"By what was measured here {estimate.known} of the {estimate.known + estimate.unknown} steps take {took}. How "
        f"much the other {estimate.unknown} take is unknown yet, for nothing like them has been done here."
    )


def duration(seconds: float) -> str:
    """A time that a person can plan with."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    hours, left = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {left} min" if hours else f"{minutes} min"
    return f"{hours / 24:.1f} days"
