"""Tables of an evaluation, as a person reads them on a terminal or in the file that takes its place."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any, Optional

from allennlp.common import Params
from rich import box
from rich.console import Console
from rich.table import Table

from xlamaml_allennlp.languages.data_use import Adapted, Seen
from xlamaml_allennlp.languages.data_use_table import COLUMNS, seen_cells, seen_notes
from xlamaml_allennlp.languages.interval import CONFIDENCE, Estimate
from xlamaml_allennlp.languages.scores import ALL, Row

logger = logging.getLogger(__name__)


def print_scores(
    data_path: Any,
    rows: Sequence[Row],
    loss: Optional[float],
    seen: Optional[Mapping[str, Seen]] = None,
    adapted: Optional[Adapted] = None,
) -> None:
    """
    Prints what was measured, in percent, to standard output.

    # Parameters

    data_path : `Any`
        What was evaluated on.
    rows : `Sequence[Row]`
        The rows of the table.
    loss : `Optional[float]`
        The mean loss, if there is one.
    seen : `Optional[Mapping[str, Seen]]`, optional (default = `None`)
        What was seen of the examples, by language; `None` if there is nothing to say.
    adapted : `Optional[Adapted]`, optional (default = `None`)
        What the model was adapted to; `None` if it was not.
    """
    measures = list(dict.fromkeys(measure for row in rows for measure in row.estimates))
    table = _table()
    table.add_column("language")
    table.add_column("examples", justify="right")
    for measure in measures:
        table.add_column(measure, justify="right")
        table.add_column(f"{100 * CONFIDENCE:.0f} % interval", justify="right")
    for name in COLUMNS if seen is not None else ():
        table.add_column(name, justify="right")
    for row in rows:
        if row.name == ALL:
            table.add_section()
        cells = [_cells(row.estimates.get(measure)) for measure in measures]
        beside = [] if seen is None else seen_cells(row.name, seen)
        table.add_row(row.name, f"{row.examples:,}", *(cell for pair in cells for cell in pair), *beside)
    warnings = seen_notes(seen or {})
    for warning in warnings:
        logger.warning("%s", warning)
    notes = [f"Loss {loss:.4f}."] if loss is not None else []
    if measures:
        notes.append("Values in percent. Translations of one example (one id) count as dependent.")
    else:
        notes.append("The data have no gold answers, so nothing is scored.")
    _print(data_path, adapted, table, "\n".join([*warnings, " ".join(notes)]))


def print_metrics(data_path: Any, metrics: Mapping[str, Any], adapted: Optional[Adapted] = None) -> None:
    """Prints the metrics of a model that does not tell its examples apart, as they are."""
    table = _table()
    table.add_column("metric")
    table.add_column("value", justify="right")
    for name, value in metrics.items():
        table.add_row(name, f"{value:.4f}" if isinstance(value, float) else str(value))
    _print(data_path, adapted, table, "")


def _table() -> Table:
    return Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)


def _cells(estimate: Optional[Estimate]) -> tuple[str, str]:
    if estimate is None:
        return "-", "-"
    mean, low, high = (f"{100 * value:.1f}" for value in estimate)
    return mean, f"{low} to {high}"


def _print(data_path: Any, adapted: Optional[Adapted], table: Table, notes: str) -> None:
    if isinstance(data_path, Params):
        data_path = data_path.as_dict(quiet=True)
    name = data_path if isinstance(data_path, str) else json.dumps(data_path, ensure_ascii=False, default=str)
    # Made now, as standard output may have been redirected since the import. Plain where it is no terminal. In a narrow
    # one lines go on below, and no number is cut.
    console = Console(width=1000, highlight=False, markup=False, soft_wrap=True)
    model = "" if adapted is None else f", of {adapted}"
    console.print(f"\nEvaluation on {name}{model}\n")
    console.print(table)
    console.print(f"\n{notes}".rstrip())
