"""Tables: XNLI's and MNLI's with a header, XTREME's without, and CSV."""

import csv
from collections.abc import Callable, Iterator
from typing import Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.opening import unpacked_name_of
from xlamaml_allennlp.nli.formats.columns import are_header, find_columns
from xlamaml_allennlp.nli.formats.row import Report, Row, name_place

# XTREME's files: where premise, hypothesis and label are. Test files have no label; machine-translated ones
# have the texts they were translated from in front.
HEADERLESS: dict[int, tuple[int, int, Optional[int]]] = {2: (0, 1, None), 3: (0, 1, 2), 5: (2, 3, 4)}
# Columns of XNLI and MNLI, and of the translations of MNLI that came with XNLI.
OFFICIAL = {"sentence1", "sentence2", "hypo"}
# What makes cells of a line; a `ValueError` says why it has none.
Split = Callable[[str], list[str]]
Cells = list[str]


def read_table_rows(path: str, numbered: Iterator[tuple[int, str]], report: Report) -> Iterator[Row]:
    """
    The rows of a table, from its numbered lines: one row to a line, whatever its quotes. `docs/data.md` has the rule.

    Columns of files with a header go by their names.
    """
    number, first = next(numbered)
    split = _splitter(path, first)
    try:
        cells = split(first)
    except ValueError as error:
        raise ConfigurationError(f"{name_place(path, number)}: {error}") from error
    if has_header := are_header(cells):
        row, width = _by_name(cells, name_place(path, number)), len(cells)
    elif len(cells) in HEADERLESS:
        row, width = _by_place(len(cells)), len(cells)
        yield row(cells, number)
    else:
        raise ConfigurationError(
            f"{name_place(path, number)}: {_counted(len(cells))}, and no header. Give premise, hypothesis and label "
            "between tabs, or a header that names the columns as XNLI does."
        )
    model = "the header" if has_header else "the first line"
    any_row = not has_header
    for number, line in numbered:
        any_row = True
        try:
            cells = split(line)
        except ValueError as error:
            report(path, number, str(error))
            continue
        if len(cells) == width:
            yield row(cells, number)
        else:
            report(path, number, f"{_counted(len(cells))}, where {model} has {width}. Fix the row: one pair per line.")
    if not any_row:
        raise ConfigurationError(f"{path}: a header without rows. Get the file again, or leave it out.")


def _splitter(path: str, first: str) -> Split:
    name = unpacked_name_of(path)
    if name.endswith(".csv") and "\t" not in first:
        return lambda line: _by_csv(line, ",")
    cells = first.split("\t")
    if all(len(cell) > 1 and cell[0] == cell[-1] == '"' for cell in cells) and are_header([c[1:-1] for c in cells]):
        # Whoever quotes the names of columns quotes every text.
        return lambda line: _by_csv(line, "\t")
    # In XNLI's and MNLI's own files, translated or not, every quote is of the text: their JSON lines have the same.
    return _by_tabs if OFFICIAL & set(cells) else _by_tabs_unquoted


def _by_tabs(line: str) -> Cells:
    return line.split("\t")


def _by_tabs_unquoted(line: str) -> Cells:
    cells = line.split("\t")
    return [_unquoted(cell) for cell in cells] if '""' in line else cells


def _by_csv(line: str, separator: str) -> Cells:
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=separator == ",", strict=True))
    except csv.Error as error:
        raise ValueError(f"not CSV: {error}. Fix the row: one pair per line, quotes in a text doubled.") from error


def _by_name(header: Cells, where: str) -> Callable[[Cells, int], Row]:
    try:
        names = find_columns(header)
    except ValueError as error:
        raise ConfigurationError(f"{where}: {error}") from error
    premise, hypothesis = header.index(names.premise), header.index(names.hypothesis)
    label, language, id = (_cell(header, name) for name in (names.label, names.language, names.id))
    return lambda cells, number: Row(
        cells[premise], cells[hypothesis], label(cells), language(cells), id(cells), number
    )


def _by_place(width: int) -> Callable[[Cells, int], Row]:
    premise, hypothesis, label = HEADERLESS[width]
    return lambda cells, number: Row(
        cells[premise], cells[hypothesis], None if label is None else cells[label].strip(), number=number
    )


def _cell(header: Cells, name: Optional[str]) -> Callable[[Cells], Optional[str]]:
    if name is None:
        return lambda cells: None
    index = header.index(name)
    return lambda cells: cells[index].strip()


def _unquoted(cell: str) -> str:
    # Python's csv module, which wrote XTREME's files, quotes a text that holds quotes, and doubles those.
    inner = cell[1:-1]
    if '""' in inner and cell[0] == cell[-1] == '"' and '"' not in inner.replace('""', ""):
        return inner.replace('""', '"')
    return cell


def _counted(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"
