"""The names that columns and keys go by."""

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple, Optional

# XNLI and MNLI, then `datasets`, then the machine translations of MNLI that came with XNLI. In any capitals.
PREMISE = ("sentence1", "premise")
HYPOTHESIS = ("sentence2", "hypothesis", "hypo")
LABEL = ("gold_label", "label")
LANGUAGE = ("language",)
PAIR_ID = ("pairID", "id")


class Columns(NamedTuple):
    """Which of a file's columns hold what; `None` where the file has no such column."""

    premise: str
    hypothesis: str
    label: Optional[str]
    language: Optional[str]
    id: Optional[str]


def find_columns(names: Collection[str]) -> Columns:
    """
    Finds the columns among a file's names.

    # Raises

    `ValueError`
        If there is no premise or no hypothesis, or a column is there twice.
    """
    there = {_plain(name): name for name in names}
    premise, hypothesis, label, language, id = (
        next((there[_plain(name)] for name in known if _plain(name) in there), None)
        for known in (PREMISE, HYPOTHESIS, LABEL, LANGUAGE, PAIR_ID)
    )
    if premise is None or hypothesis is None:
        missing = " or ".join(f'"{name}"' for name in (PREMISE if premise is None else HYPOTHESIS))
        raise ValueError(
            f"there is no column {missing} among {', '.join(names)[:200] or 'none at all'}. "
            "Name the columns as XNLI does."
        )
    found = Columns(premise, hypothesis, label, language, id)
    counts = Counter(map(_plain, names))
    if twice := [name for name in found if name is not None and counts[_plain(name)] > 1]:
        raise ValueError(f'there are {counts[_plain(twice[0])]} columns "{twice[0]}". Leave one of them.')
    return found


def are_header(cells: Collection[str]) -> bool:
    """Whether a table's first line names columns instead of holding a pair."""
    plain = set(map(_plain, cells))
    return any(_plain(name) in plain for name in (*PREMISE, *HYPOTHESIS, *LABEL, *PAIR_ID))


def _plain(name: str) -> str:
    return name.strip().lower()
