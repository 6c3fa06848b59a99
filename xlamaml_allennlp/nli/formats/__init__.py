"""How sentence pairs come: tables, JSON lines, and data sets of `datasets`. `docs/data.md` has the rules in a table."""

from collections.abc import Iterator
from itertools import chain

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.bounded import LIMIT
from xlamaml_allennlp.files.lines import lines
from xlamaml_allennlp.files.opening import unpacked_name_of
from xlamaml_allennlp.languages.hub import is_dataset
from xlamaml_allennlp.nli.formats.hub import read_hub_rows
from xlamaml_allennlp.nli.formats.jsonl import read_json_rows
from xlamaml_allennlp.nli.formats.row import Report, Row, name_place, refuse
from xlamaml_allennlp.nli.formats.table import read_table_rows

__all__ = ["Report", "Row", "name_place", "read_rows", "refuse"]

TABLES = (".tsv", ".txt", ".csv")
JSON = (".json", ".jsonl", ".ndjson")


def read_rows(path: str, report: Report = refuse, limit: int = LIMIT) -> Iterator[Row]:
    """
    The rows of a file, in its order.

    # Parameters

    path : `str`
        A table (XNLI's and MNLI's with a header, XTREME's without) or JSON lines, either of them packed or not; as a
        local path, a URL, or `archive.zip!member` of a local path or URL. Or
        `datasets:NAME?config=hi&split=validation`, NAME being a hub name or a folder; a folder saved by
        `save_to_disk` needs no prefix.
    report : `Callable[[str, int, str], None]`, optional
        Told path, number and problem of what is not a row. By default that is an error.
    limit : `int`, optional (default = `1_000_000_000`)
        The most bytes of a file, unpacked.

    # Raises

    `ConfigurationError`
        If there is no such file, it is empty, or it is not what it should be; with the line.
    """
    if is_dataset(path):
        yield from read_hub_rows(path, report)
        return
    numbered = lines(path, limit)
    first = next(numbered, None)
    if first is None:
        raise ConfigurationError(f"{path}: the file is empty (a pipe can be read once). Get it again, or leave it out.")
    name = unpacked_name_of(path)
    is_json = name.endswith(JSON) or (first[1].lstrip().startswith("{") and not name.endswith(TABLES))
    yield from (read_json_rows if is_json else read_table_rows)(path, chain([first], numbered), report)
