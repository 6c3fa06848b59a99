"""One sentence pair, as a file tells it."""

from typing import NamedTuple, Optional, Union


class Row(NamedTuple):
    """
    A premise, a hypothesis, and what is known about them.

    # Parameters

    premise : `str`
        The text that is taken as true.
    hypothesis : `str`
        The text to be judged by it.
    label : `Optional[Union[str, int]]`, optional (default = `None`)
        The gold label by name or index; "-" where the annotators did not agree, `None` where there is none.
    language : `Optional[str]`, optional (default = `None`)
        The language of both, if the row tells it.
    id : `Optional[str]`, optional (default = `None`)
        The pair's id, if the row tells it; shared by translations.
    number : `int`, optional (default = `0`)
        The line of the file, or the row of the data set, counted from 1.
    """

    premise: str
    hypothesis: str
    label: Optional[Union[str, int]] = None
    language: Optional[str] = None
    id: Optional[str] = None
    number: int = 0


def place(path: str, number: int) -> str:
    """Where a row is, for an error: `xnli.dev.tsv:1742`."""
    return f"{path}:{number}"
