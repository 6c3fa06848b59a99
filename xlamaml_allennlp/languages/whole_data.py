"""Lets a dataset reader read everything on every distributed worker."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TypeVar

from allennlp.data import DatasetReader

T = TypeVar("T")


@contextmanager
def whole_data(reader: DatasetReader) -> Iterator[None]:
    """
    While it is entered, the reader and those it wraps yield every instance, on every distributed worker.

    AllenNLP deals instances out to the workers while reading. An episode stream is dealt out later, an episode at a
    time, and needs all examples first: partners and groups are looked up among them. A reader gets its share in one of
    two ways, by what its constructor noted about the workers or by `shard_iterable`, which asks torch (allennlp
    2.10.1, dataset_reader.py:308); both are switched off here and restored on leaving.

    # Parameters

    reader : `DatasetReader`
        The reader; readers that it holds as attributes, or in lists or mappings among them, are included.
    """
    readers = list(_with_wrapped(reader))
    notes = [getattr(each, "_distributed_info", None) for each in readers]
    try:
        for each in readers:
            each._set_distributed_info(None)
            vars(each)["shard_iterable"] = partial(_everything, each)
        yield
    finally:
        for each, note in zip(readers, notes, strict=True):
            each._set_distributed_info(note)
            vars(each).pop("shard_iterable", None)


def _everything(reader: DatasetReader, iterable: Iterable[T]) -> Iterator[T]:
    return islice(iterable, reader.max_instances)


def _with_wrapped(reader: DatasetReader) -> Iterator[DatasetReader]:
    yield reader
    for value in vars(reader).values():
        members = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else [value]
        for member in members:
            if isinstance(member, DatasetReader):
                yield from _with_wrapped(member)
