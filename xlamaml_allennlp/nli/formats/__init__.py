"""How sentence pairs come: tab-separated files, JSON lines, and data sets of `datasets`."""

from collections.abc import Iterator
from itertools import chain

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.lines import lines
from xlamaml_allennlp.languages.hub import is_dataset
from xlamaml_allennlp.nli.formats.hub import hub_rows
from xlamaml_allennlp.nli.formats.jsonl import json_rows
from xlamaml_allennlp.nli.formats.row import Row, place
from xlamaml_allennlp.nli.formats.tsv import tsv_rows

__all__ = ["Row", "place", "rows"]

TSV_ENDINGS = (".tsv", ".txt", ".tsv.gz", ".txt.gz")


def rows(path: str) -> Iterator[Row]:
    """
    The rows of a file, in its order.

    # Parameters

    path : `str`
        A tab-separated file (XNLI's and MNLI's with a header, XTREME's without) or JSON lines, either of them
        gzipped or not; as a local path, a URL, or `archive.zip!member` of a local path or URL. Or
        `datasets:NAME?config=hi&split=validation`, NAME being a hub name or a folder; a folder saved by
        `save_to_disk` needs no prefix.

    # Raises

    `ConfigurationError`
        If there is no such file, it is empty, or it is not what it should be; with the line.
    """
    if is_dataset(path):
        yield from hub_rows(path)
        return
    numbered = lines(path)
    first = next(numbered, None)
    if first is None:
        raise ConfigurationError(f"{path}: the file is empty. Get it again, or leave it out.")
    is_json = first[1].lstrip().startswith("{") and not path.lower().endswith(TSV_ENDINGS)
    yield from (json_rows if is_json else tsv_rows)(path, chain([first], numbered))
