"""What the ledger tells, laid out for a person."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Optional

from rich import box
from rich.console import Console
from rich.table import Table

from xlamaml_allennlp.commands.episodes.summary import SIDES


def say_summary(name: str, figures: Mapping[str, Any]) -> None:
    """
    Prints the counts of a run to standard output.

    # Parameters

    name : `str`
        The run.
    figures : `Mapping[str, Any]`
        What `Summary.figures` returned.
    """
    counts = (
        f"{figures['episodes']:,} episodes in {figures['steps']:,} meta steps, {figures['workers']} "
        f"{'worker' if figures['workers'] == 1 else 'workers'}, {figures['seconds']:,.1f} s of episodes"
    )
    lost = f" {lacking(figures['missing'], 'T')}." if figures["missing"] else ""
    say(f"\n{name}: {counts}.{lost}\n")
    say(_pairs(figures["pairs"]), "")
    say(_languages(figures["languages"]), "")
    lists = {"seen most": figures["most_seen"], "seen least": figures["least_seen"]}
    if lists["seen most"] == lists["seen least"]:
        # Equal counts are told in one order: the fewest and the most are one number.
        lists = {"all seen as often": lists["seen most"]}
    for title, examples in lists.items():
        say(_examples(title, examples), "")
    rows = [
        (str(each["episode"]), str(each["step"]), each["languages"], _number(each["seconds"]))
        for each in figures["slowest"]
    ]
    say(table(["slowest: episode", "step", "languages", "seconds"], rows, left=(2,)))


def _pairs(pairs: Mapping[str, Mapping[str, Any]]) -> Table:
    head = ["support -> query", "episodes", "support loss", "first quarter", "last quarter"]
    head += ["query loss", "first quarter", "last quarter", "cosine", "seconds"]
    rows = []
    for languages, pair in pairs.items():
        losses = [_number((pair[kind] or {}).get(part)) for kind in ("support_loss", "query_loss") for part in PARTS]
        rows.append([languages, f"{pair['episodes']:,}", *losses, _number(pair["cosine"]), _number(pair["seconds"])])
    return table(head, rows)


PARTS = ("mean", "first", "last")


def _languages(languages: Mapping[str, Mapping[str, Any]]) -> Table:
    head = ["language", "set", "examples", "seen", "fewest times", "median", "most"]
    rows = [
        [language, side, f"{found[side]['examples']:,}", f"{found[side]['seen']:,}"]
        + [f"{found[side][key]:g}" for key in ("fewest", "median", "most")]
        for language, found in languages.items()
        for side in SIDES
        if side in found
    ]
    return table(head, rows, left=(0, 1))


def _examples(title: str, examples: Iterable[Mapping[str, Any]]) -> Table:
    rows = [
        [each["language"], each["id"], place(each["source"], each["row"]), str(each["support"]), str(each["query"])]
        for each in examples
    ]
    return table([f"{title}: language", "id", "from", "in support", "in query"], rows, left=(0, 1, 2))


def lacking(spans: Sequence[tuple[int, int]], begin: str = "t") -> str:
    """Which episodes are not there, by the first and last of each gap; `begin` is the sentence's first letter."""
    spelt = ", ".join(f"{first}" if first == last else f"{first} to {last}" for first, last in spans)
    return f"{begin}he ledger lacks episodes {spelt}"


def place(source: Optional[str], row: Optional[int]) -> str:
    """Where an example is from, as errors name it."""
    return "-" if source is None else source if row is None else f"{source}:{row}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], left: Sequence[int] = (0,)) -> Table:
    """A table whose columns are numbers, but for those of these numbers."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column, name in enumerate(head):
        made.add_column(name, justify="left" if column in left else "right")
    for row in rows:
        made.add_row(*row)
    return made


def say(*parts: Any) -> None:
    """Prints to standard output, which may have been redirected since the import; no number is cut."""
    console = Console(width=1000, highlight=False, markup=False, soft_wrap=True)
    for part in parts:
        console.print(part)


def _number(value: Optional[float]) -> str:
    return "-" if value is None else f"{value:.4f}"
