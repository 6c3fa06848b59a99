"""Tab-separated files: XNLI's and MNLI's with a header, XTREME's without."""

from collections.abc import Callable, Iterator
from typing import Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.nli.formats.columns import are_header, columns
from xlamaml_allennlp.nli.formats.row import Row, place

# XTREME's files: where premise, hypothesis and label are. Test files have no label; machine-translated ones
# have the texts they were translated from in front.
HEADERLESS: dict[int, tuple[int, int, Optional[int]]] = {2: (0, 1, None), 3: (0, 1, 2), 5: (2, 3, 4)}


def tsv_rows(path: str, numbered: Iterator[tuple[int, str]]) -> Iterator[Row]:
    """
    The rows of a tab-separated file, from its numbered lines. Columns of files with a header go by their names.

    Quotes are characters like any other in XNLI and MNLI; XTREME's files quote a text that has some.
    """
    number, first = next(numbered)
    cells = first.split("\t")
    if are_header(cells):
        yield from _with_header(path, cells, number, numbered)
        return
    if len(cells) not in HEADERLESS:
        raise ConfigurationError(
            f"{place(path, number)}: {_counted(len(cells))}, and no header. Give premise, hypothesis and label "
            "between tabs, or a header that names the columns as XNLI does."
        )
    yield _headerless(cells, number)
    width = len(cells)
    for number, line in numbered:
        yield _headerless(_split(path, number, line, width, "the first line"), number)


def _with_header(path: str, header: list[str], number: int, numbered: Iterator[tuple[int, str]]) -> Iterator[Row]:
    names = columns(header, place(path, number))
    premise, hypothesis = header.index(names.premise), header.index(names.hypothesis)
    label, language, id = (_cell(header, name) for name in (names.label, names.language, names.id))
    any_row = False
    for number, line in numbered:
        any_row = True
        cells = _split(path, number, line, len(header), "the header")
        yield Row(cells[premise], cells[hypothesis], label(cells), language(cells), id(cells), number)
    if not any_row:
        raise ConfigurationError(f"{path}: a header without rows. Get the file again, or leave it out.")


def _cell(header: list[str], name: Optional[str]) -> Callable[[list[str]], Optional[str]]:
    if name is None:
        return lambda cells: None
    index = header.index(name)
    return lambda cells: cells[index].strip()


def _split(path: str, number: int, line: str, width: int, model: str) -> list[str]:
    cells = line.split("\t")
    if len(cells) != width:
        raise ConfigurationError(
            f"{place(path, number)}: {_counted(len(cells))}, where {model} has {width}. "
            "Fix the row: one pair per line, tabs between columns only."
        )
    return cells


def _headerless(cells: list[str], number: int) -> Row:
    premise, hypothesis, label = HEADERLESS[len(cells)]
    gold = None if label is None else cells[label].strip()
    return Row(_unquoted(cells[premise]), _unquoted(cells[hypothesis]), gold, number=number)


def _unquoted(cell: str) -> str:
    # Python's csv module, which wrote XTREME's files, quotes a text that holds quotes, and doubles those.
    inner = cell[1:-1]
    if '""' in inner and cell[0] == cell[-1] == '"' and '"' not in inner.replace('""', ""):
        return inner.replace('""', '"')
    return cell


def _counted(count: int) -> str:
    return "1 column" if count == 1 else f"{count} columns"
