"""One sentence pair, as a file tells it."""

from collections.abc import Callable
from typing import Any, NamedTuple, Optional

from allennlp.common.checks import ConfigurationError

# Takes the path and the number of a row that is no pair, and what is wrong with it.
Report = Callable[[str, int, str], None]


class Row(NamedTuple):
    """
    A premise, a hypothesis, and what is known about them.

    # Parameters

    premise : `str`
        The text that is taken as true.
    hypothesis : `str`
        The text to be judged by it.
    label : `Any`, optional (default = `None`)
        What the file has as the gold label, `None` where it has none; `nli.labels` knows what it means.
    language : `Optional[str]`, optional (default = `None`)
        The language of both, if the row tells it.
    id : `Optional[str]`, optional (default = `None`)
        The pair's id, if the row tells it; shared by translations.
    number : `int`, optional (default = `0`)
        The line of the file, or the row of the data set, counted from 1.
    """

    premise: str
    hypothesis: str
    label: Any = None
    language: Optional[str] = None
    id: Optional[str] = None
    number: int = 0


def name_place(path: str, number: int) -> str:
    """Where a row is, for an error: `xnli.dev.tsv:1742`."""
    return f"{path}:{number}"


def refuse(path: str, number: int, problem: str) -> None:
    """
    A `Report` that lets nothing pass.

    # Raises

    `ConfigurationError`
        Always.
    """
    raise ConfigurationError(f"{name_place(path, number)}: {problem}")
