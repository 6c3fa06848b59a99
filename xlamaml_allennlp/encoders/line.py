"""Lines of JSON that somebody wants predictions for, and the lines that tell these."""

import json
import reprlib
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.json_text import parse_json
from xlamaml_allennlp.files.text import HALF

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 80


class Line(dict[str, Any]):
    """
    The object that a line of a file holds, and where it is.

    # Parameters

    place : `str`
        The file and the line, for errors: `pairs.jsonl:17`.
    number : `int`
        The line's number in its file, counted from 1.
    content : `Optional[Dict[str, Any]]`, optional (default = `None`)
        What the line holds, if it can be read.
    problem : `str`, optional (default = `""`)
        Why it cannot be used; empty if it can.
    last : `bool`, optional (default = `False`)
        Whether nothing can be read from here on, as in a file that is broken.
    """

    def __init__(
        self, place: str, number: int, content: Optional[dict[str, Any]] = None, problem: str = "", last: bool = False
    ) -> None:
        super().__init__(content or {})
        self.place = place
        self.number = number
        self.problem = problem
        self.last = last


def shown(value: Any) -> str:
    """A value in an error: its beginning, however long it is and however deep."""
    return _SHORT.repr(value)


def parsed(text: str) -> dict[str, Any]:
    """
    The object that a line holds.

    # Parameters

    text : `str`
        The line; bytes that are not UTF-8 as halves of surrogate pairs (Python's "surrogateescape").

    # Raises

    `ValueError`
        If it is none; the message is the reason.
    """
    # A file that another program wrote may begin with a byte-order mark.
    text = text.removeprefix("\ufeff").strip()
    if half := HALF.search(text):  # JSON writes half an emoji as an escape, so this was a byte
        reason = f"not UTF-8 (byte {ord(half[0]) & 0xFF:#04x} in column {half.start() + 1})"
        raise ValueError(f"the line {shown(text)} is {reason}")
    try:
        found = parse_json(text)
    except ValueError as error:
        raise ValueError(f"the line {shown(text)} is {error}") from error
    if not isinstance(found, dict):
        raise ValueError(f"the line is {shown(found)}, not an object")
    return found


def dumped(outputs: dict[str, Any]) -> str:
    """
    A line of JSON, with its end. Scripts other than Latin stay readable.

    # Raises

    `ConfigurationError`
        If a number in it is none, which JSON does not have.
    """
    try:
        text = json.dumps(outputs, ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise ConfigurationError(
            f"the prediction holds NaN or infinity, which JSON does not have ({error}). The model's weights "
            "are too large or no numbers: use an earlier checkpoint (--weights-file)."
        ) from error
    # Half a character, which UTF-8 does not have, as JSON's escape.
    return text.encode(errors="backslashreplace").decode() + "\n"
