"""The paper's own numbers (Liu, Cheng and Kurohashi, tables 3 to 7), to stand beside those that were measured."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, Optional

PAPER_TABLES = ("table3", "table4", "table5", "table6", "table7")
# What the paper's sections are called here, where they stand in the names of rows.
SECTIONS = {
    "Zero-shot Cross-lingual Transfer": "zero-shot",
    "Few-shot Cross-lingual Transfer": "few-shot",
    "Machine translate": "translated",
}
PATH = Path(__file__).with_name("paper_tables.json")


class PaperRow(NamedTuple):
    """
    A row of one of the paper's tables.

    # Parameters

    name : `str`
        What it is of, with its section: "zero-shot: X-MAML hi -> X".
    values : `Mapping[str, float]`
        By target, in percent; languages for which the paper has none are left out.
    mean : `Optional[float]`
        The mean that the paper gives.
    """

    name: str
    values: Mapping[str, float]
    mean: Optional[float]


def paper_source() -> str:
    """Where the numbers are from."""
    return str(_tables()["source"])


def paper_rows(table: str, measure: str) -> list[PaperRow]:
    """
    The rows of one of the paper's tables by one measure; none where it has no such measure.

    # Parameters

    table : `str`
        One of `PAPER_TABLES`.
    measure : `str`
        "accuracy", "em" or "f1".
    """
    rows = (_row(row, measure) for row in _tables()[table])
    return [row for row in rows if row.values]


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Any]:
    return json.loads(PATH.read_text(encoding="utf-8"))


def _row(row: Mapping[str, Any], measure: str) -> PaperRow:
    by_target = row.get("accuracy", {}) if measure == "accuracy" else {}
    if row.get("metric") == measure:
        by_target = row["values"]
    elif measure in ("em", "f1"):
        by_target = {target: scores and scores.get(measure) for target, scores in row.get("scores", {}).items()}
    values = {target: float(value) for target, value in by_target.items() if value is not None}
    mean = row.get("average", row.get("average_of_15"))
    return PaperRow(_name(row), values, mean if measure == "accuracy" else None)


def _name(row: Mapping[str, Any]) -> str:
    parts = [row[key] for key in ("method", "auxiliary", "sampling") if row.get(key) not in (None, "-")]
    if "parallel" in row:
        parts.append("parallel" if row["parallel"] else "not parallel")
    return ": ".join([*([SECTIONS[row["section"]]] if "section" in row else []), " ".join(parts)])
