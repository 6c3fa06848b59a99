"""JSON lines: XNLI's and MNLI's, and whatever names its keys alike."""

from collections.abc import Iterator, Mapping
from typing import Any, Optional

from xlamaml_allennlp.files.json_text import parse_json, shown
from xlamaml_allennlp.files.text import HALF
from xlamaml_allennlp.nli.formats.columns import Columns, find_columns
from xlamaml_allennlp.nli.formats.row import Report, Row

# Sets of keys that are remembered; files have one or a few.
KNOWN = 100


def read_json_rows(path: str, numbered: Iterator[tuple[int, str]], report: Report) -> Iterator[Row]:
    """The rows of a file of JSON objects, one per line, from its numbered lines; all but the texts may be missing."""
    known: dict[tuple[str, ...], Columns] = {}
    for number, line in numbered:
        try:
            found = _object(line)
            keys = tuple(found)
            if keys not in known and len(known) < KNOWN:
                known[keys] = find_columns(keys)
            yield row_of(found, known.get(keys) or find_columns(keys), number)
        except ValueError as error:
            report(path, number, str(error))


def _object(line: str) -> dict[str, Any]:
    try:
        found = parse_json(line)
    except ValueError as error:
        raise ValueError(f"{error}. Fix the line: one object per line.") from error
    if not isinstance(found, dict):
        raise ValueError(f"{shown(found)}, not an object. Give one object per line.")
    return found


def row_of(found: Mapping[str, Any], names: Columns, number: int) -> Row:
    """
    Takes a row out of an object.

    # Raises

    `ValueError`
        If a text, the language or the id is not one.
    """
    premise, hypothesis = found[names.premise], found[names.hypothesis]
    for name, text in ((names.premise, premise), (names.hypothesis, hypothesis)):
        if not isinstance(text, str):
            raise ValueError(f'"{name}" is {shown(text)}, not a text. Fix the row.')
    label = None if names.label is None else found[names.label]
    return Row(
        premise,
        hypothesis,
        label.strip() if isinstance(label, str) else label,
        None if names.language is None else _language(names.language, found[names.language]),
        None if names.id is None else _id(names.id, found[names.id]),
        number,
    )


def _language(name: str, language: Any) -> Optional[str]:
    if language is None or language == "":
        return None
    if not isinstance(language, str):
        raise ValueError(f'"{name}" is {shown(language)}, not the code of a language, such as "hi". Fix the row.')
    return language.strip()


def _id(name: str, id: Any) -> Optional[str]:
    if id is None:
        return None
    if not isinstance(id, (str, int, float)) or isinstance(id, bool) or HALF.search(str(id)):
        raise ValueError(f'"{name}" is {shown(id)}, neither a text nor a number. Fix the row.')
    return str(id)
