"""JSON lines: XNLI's and MNLI's, and whatever names its keys alike."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.nli.formats.columns import Columns, columns
from xlamaml_allennlp.nli.formats.row import Row, place


def json_rows(path: str, numbered: Iterator[tuple[int, str]]) -> Iterator[Row]:
    """The rows of a file of JSON objects, one per line, from its numbered lines; all have the keys of the first."""
    names: Optional[Columns] = None
    for number, line in numbered:
        try:
            found = json.loads(line)
        except json.JSONDecodeError as error:
            raise ConfigurationError(
                f"{place(path, number)}: not JSON, or cut short: {error.msg} in column {error.colno}. Fix the line."
            ) from error
        if not isinstance(found, dict):
            raise ConfigurationError(
                f"{place(path, number)}: a {type(found).__name__}, not an object. Give one object per line."
            )
        if names is None:
            names = columns(found, place(path, number))
        try:
            yield row_of(found, names, number)
        except (KeyError, TypeError) as error:
            raise ConfigurationError(
                f"{place(path, number)}: {_complaint(error)}. The line has the keys {', '.join(found)}."
            ) from error


def row_of(found: Mapping[str, Any], names: Columns, number: int) -> Row:
    """
    Takes a row out of an object.

    # Raises

    `KeyError`, `TypeError`
        If a key is missing, or a text is not one.
    """
    premise, hypothesis = found[names.premise], found[names.hypothesis]
    for name, text in ((names.premise, premise), (names.hypothesis, hypothesis)):
        if not isinstance(text, str):
            raise TypeError(f'"{name}" is {text!r}, not a text')
    label = None if names.label is None else found[names.label]
    # `datasets` writes -1 where a gold label is kept back.
    label = None if label == -1 else label
    if not (label is None or isinstance(label, (str, int))):
        raise TypeError(f'"{names.label}" is {label!r}, neither a text nor a number')
    language = None if names.language is None else found[names.language]
    id = None if names.id is None else found[names.id]
    return Row(premise, hypothesis, label, language, None if id is None else str(id), number)


def _complaint(error: Exception) -> str:
    return f'"{error.args[0]}" is missing' if isinstance(error, KeyError) else str(error)
