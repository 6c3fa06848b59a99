"""The names that columns and keys go by."""

from collections.abc import Collection
from typing import NamedTuple, Optional

from allennlp.common.checks import ConfigurationError

# XNLI and MNLI, then `datasets`, then the machine translations of MNLI that came with XNLI.
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


def columns(names: Collection[str], where: str) -> Columns:
    """
    Finds the columns among a file's names.

    # Raises

    `ConfigurationError`
        If there is no premise or no hypothesis.
    """
    premise, hypothesis, label, language, id = (
        next((name for name in known if name in names), None)
        for known in (PREMISE, HYPOTHESIS, LABEL, LANGUAGE, PAIR_ID)
    )
    if premise is None or hypothesis is None:
        missing = " or ".join(f'"{name}"' for name in (PREMISE if premise is None else HYPOTHESIS))
        raise ConfigurationError(
            f"{where}: there is no column {missing} among {', '.join(names) or 'none at all'}. "
            "Name the columns as XNLI does."
        )
    return Columns(premise, hypothesis, label, language, id)


def are_header(cells: Collection[str]) -> bool:
    """Whether a table's first line names columns instead of holding a pair."""
    return any(name in cells for name in (*PREMISE, *HYPOTHESIS, *LABEL, *PAIR_ID))
