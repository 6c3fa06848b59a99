"""Readers that say which examples a path holds, and the adapter for those that only yield instances."""

from collections.abc import Callable, Iterable, Iterator
from copy import copy
from itertools import islice
from typing import Any, Optional, TypeVar

from allennlp.data import DatasetReader, Instance

from xlamaml_allennlp.languages.examples import Examples, InMemoryExamples
from xlamaml_allennlp.languages.tag import Tag, tag_of

T = TypeVar("T")
# Takes what one worker out of several is to make instances of.
Share = Callable[[Iterable[T]], Iterator[T]]


class ExamplesReader(DatasetReader):
    """
    A reader of tagged instances that can tell the examples of a path, all of them whatever the number of workers.

    # Parameters

    max_instances : `Optional[int]`, optional (default = `None`)
        The most instances to read.
    serialization_dir : `Optional[str]`, optional (default = `None`)
        The run's folder.
    manual_multiprocess_sharding : `bool`, optional (default = `True`)
        Whether `tagged` shares rows out among the processes of a data loader, as it does among distributed workers.
    """

    def __init__(
        self,
        max_instances: Optional[int] = None,
        serialization_dir: Optional[str] = None,
        manual_multiprocess_sharding: bool = True,
    ) -> None:
        super().__init__(
            max_instances=max_instances,
            manual_distributed_sharding=True,
            manual_multiprocess_sharding=manual_multiprocess_sharding,
            serialization_dir=serialization_dir,
        )

    def examples(self, data_path: Any) -> Examples:
        """
        All examples of a path, on every distributed worker: episodes are dealt out, and need partners and groups.

        # Parameters

        data_path : `Any`
            A path, or a mapping {language: path}.
        """
        # As in `read`, the limit holds for rows and for what is made of them.
        return InMemoryExamples(self._everything(self.tagged(data_path, self._everything)))

    def tagged(self, data_path: Any, share: Share) -> Iterator[tuple[Tag, Instance]]:
        """
        The instances of a path with the tags of their examples.

        # Parameters

        data_path : `Any`
            A path, or a mapping {language: path}.
        share : `Callable[[Iterable], Iterator]`
            Takes this worker's share of rows before they cost anything.
        """
        raise NotImplementedError

    def _read(self, file_path: Any) -> Iterable[Instance]:
        return (instance for _, instance in self.tagged(file_path, self.shard_iterable))

    def _everything(self, iterable: Iterable[T]) -> Iterator[T]:
        return islice(iterable, self.max_instances)


def read_examples(reader: DatasetReader, data_path: Any) -> Examples:
    """
    All examples of a path, through a reader of this house or any other that tags its instances.

    # Parameters

    reader : `DatasetReader`
        The reader, which is not changed.
    data_path : `Any`
        What it reads.

    # Raises

    `ConfigurationError`
        If an instance has no language, id or group.
    """
    if isinstance(reader, ExamplesReader):
        return reader.examples(data_path)
    return InMemoryExamples((tag_of(instance), instance) for instance in read_whole(reader, data_path))


def read_whole(reader: DatasetReader, data_path: Any) -> Iterator[Instance]:
    """
    Every instance of a path on every distributed worker, through any reader.

    AllenNLP deals instances out to the workers while reading, in one of two ways: by what a reader's constructor noted
    about the workers, or by `shard_iterable`, which asks torch (allennlp 2.10.1, dataset_reader.py:308). A copy of the
    reader reads, without both; of the readers that it holds as attributes, or in lists or mappings, too.
    """
    return iter(_whole(reader).read(data_path))


def _whole(reader: DatasetReader) -> DatasetReader:
    whole = copy(reader)
    vars(whole).update({name: _with_whole_readers(value) for name, value in vars(reader).items()})
    whole._set_distributed_info(None)
    vars(whole)["shard_iterable"] = lambda iterable: islice(iterable, whole.max_instances)
    return whole


def _with_whole_readers(value: Any) -> Any:
    if isinstance(value, DatasetReader):
        return _whole(value)
    if isinstance(value, list) and any(isinstance(member, DatasetReader) for member in value):
        return [_with_whole_readers(member) for member in value]
    if isinstance(value, dict) and any(isinstance(member, DatasetReader) for member in value.values()):
        return {name: _with_whole_readers(member) for name, member in value.items()}
    return value
