"""What a comparison or a replay found, in sentences."""

from collections.abc import Sequence
from typing import Any, Optional

from xlamaml_allennlp.commands.episodes.difference import ROUNDING, Difference
from xlamaml_allennlp.commands.episodes.replay import Replay
from xlamaml_allennlp.commands.episodes.tables import lacking, say, table

NAMES = ("support", "query")
WHAT = "steps, languages, ids, rows, files, losses, lengths of gradients and cosines"


def say_replay(found: Replay) -> None:
    """Prints the losses of the replayed step beside those of the ledger, and whether they are the same."""
    rows = [
        [str(one.episode), one.languages]
        + [_number(getattr(line, f"{name}_loss")) for name in NAMES for line in (one, other)]
        for one, other in found.episodes
    ]
    head = ["episode", "support -> query", "support loss", "replayed", "query loss", "replayed"]
    say(f"\nMeta step {found.step}, replayed from {found.start}\n", table(head, rows, left=(1,)), "")
    say(_verdict(found))


def say_comparison(
    ours: str,
    theirs: str,
    first: Optional[Difference],
    beyond: Optional[Difference],
    missing: Sequence[tuple[int, int]] = (),
) -> None:
    """Prints where two runs begin to differ, and where by more than rounding; and what is missing in both ledgers."""
    if first is None:
        say(f"\n{ours} and {theirs}: every episode is the same in both, to the last bit.")
        if missing:
            say(f"Of each {lacking(missing)}: nothing is known of those.")
        return
    say(f"\n{ours} and {theirs} first differ in episode {first.episode} (step {first.step}). There {told(first)}.")
    if beyond is None:
        say(f"Nothing differs by more than rounding, {ROUNDING:g} of a figure.")
    elif beyond is not first:
        say(f"By more than rounding they do in episode {beyond.episode} (step {beyond.step}). There {told(beyond)}.")


def told(difference: Difference) -> str:
    """One difference, as the end of a sentence."""
    ours, theirs = difference.ours, difference.theirs
    if difference.what == "end":
        here = "the second" if theirs == "missing" else "the first"
        return f"{here} has no such episode"
    if difference.what == "step":
        return f"the meta step is {ours} | {theirs}"
    if difference.relative is None:
        return f"the {difference.what} differ: {_sides(ours)} | {_sides(theirs)}"
    rounding = ", within rounding" if difference.within_rounding else ""
    return f"the {difference.what} is {_number(ours)} | {_number(theirs)} ({difference.relative:.1e} apart{rounding})"


def _verdict(found: Replay) -> str:
    first, beyond = found.first, found.beyond
    if first is None:
        if found.lost:
            return f"Not confirmed: {lacking(found.lost)}, and a replay has. What it has is exact, to the last bit."
        return f"Exact: {WHAT} are those of the ledger, to the last bit."
    also = f" {lacking(found.lost, 'T')}." if found.lost else ""
    since = f"In the ledger | replayed, first in episode {first.episode} (step {first.step}), {told(first)}."
    if beyond is None:
        return f"{'Not confirmed.' if found.lost else 'Confirmed within rounding.'} {since}{also}"
    if beyond is first:
        return f"Not confirmed. {since}{also}"
    return f"Not confirmed. {since} In episode {beyond.episode} (step {beyond.step}), {told(beyond)}.{also}"


def _sides(sides: Sequence[Sequence[Any]]) -> str:
    return "; ".join(f"{name} {' '.join(map(str, side)) or '-'}" for name, side in zip(NAMES, sides, strict=True))


def _number(value: Optional[float]) -> str:
    return "-" if value is None else f"{value:.9g}"
