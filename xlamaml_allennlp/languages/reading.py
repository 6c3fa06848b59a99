"""Readers that say which examples a path holds, and the adapter for those that only yield instances."""

from collections import deque
from collections.abc import Iterable, Iterator
from copy import copy
from itertools import islice
from typing import Any, Optional, TypeVar

from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader, Instance

from xlamaml_allennlp.languages.cache import ExamplesCache, Form
from xlamaml_allennlp.languages.cached_examples import CachedExamples
from xlamaml_allennlp.languages.examples import Examples, InMemoryExamples
from xlamaml_allennlp.languages.items import Share
from xlamaml_allennlp.languages.kept_instance import kept_instances
from xlamaml_allennlp.languages.sources import list_sources
from xlamaml_allennlp.languages.tag import Tag, tag_of

T = TypeVar("T")


class ExamplesReader(DatasetReader):
    """
    A reader of tagged instances that can tell the examples of a path, all of them whatever the number of workers.

    # Parameters

    max_instances : `Optional[int]`, optional (default = `None`)
        The most instances to read.
    serialization_dir : `Optional[str]`, optional (default = `None`)
        The run's folder.
    cache : `Optional[str]`, optional (default = `None`)
        A folder in which examples are kept for the next reading. `None`: they are kept in memory only.
    num_proc : `int`, optional (default = `1`)
        How many processes tokenize examples that are to be kept, at least 1.

    # Raises

    `ConfigurationError`
        If `cache` is empty or `num_proc` below 1.
    """

    def __init__(
        self,
        max_instances: Optional[int] = None,
        serialization_dir: Optional[str] = None,
        cache: Optional[str] = None,
        num_proc: int = 1,
    ) -> None:
        if num_proc < 1:
            raise ConfigurationError(f"num_proc: {num_proc} is below 1. Give how many processes are to tokenize.")
        # `tagged` is given what shares rows out, among distributed workers and the processes of a data loader.
        super().__init__(
            max_instances=max_instances,
            manual_distributed_sharding=True,
            manual_multiprocess_sharding=True,
            serialization_dir=serialization_dir,
        )
        self._cache = None if cache is None else ExamplesCache(cache)
        self._num_proc = num_proc
        # How many tokenize now: what is read without being kept is tokenized by whoever reads.
        self.processes = 1

    def form(self) -> Optional[Form]:
        """How examples are kept in a folder; `None` by a reader that keeps none."""
        return None

    def examples(self, data_path: Any) -> Examples:
        """
        All examples of a path, on every distributed worker: episodes are dealt out, and need partners and groups.

        # Parameters

        data_path : `Any`
            A path, or a mapping {language: path}.
        """
        cached = self._cached(data_path)
        # As in `read`, the limit holds for rows and for what is made of them.
        return InMemoryExamples(self._all_tagged(data_path, self._everything)) if cached is None else cached

    def tagged(self, data_path: Any, share: Share) -> Iterator[tuple[Tag, Instance]]:
        """
        The instances of a path with the tags of their examples.

        # Parameters

        data_path : `Any`
            A path, or a mapping {language: path}.
        share : `Callable[[Iterable], Iterator]`
            Takes this worker's share of rows before they cost anything. A reader that keeps examples gives it pairs of
            a path and a row, which has a `number` and a `language`.
        """
        raise NotImplementedError

    def _read(self, file_path: Any) -> Iterable[Instance]:
        # A limit means each worker's own instances, which are not the first ones of all.
        is_limited_share = self.max_instances is not None and (self.get_worker_info() or self.get_distributed_info())
        if is_limited_share or (cached := self._cached(file_path)) is None:
            return (instance for _, instance in self.tagged(file_path, self.shard_iterable))
        return kept_instances(cached, cached.dealt(self.shard_iterable))

    def _cached(self, data_path: Any) -> Optional[CachedExamples]:
        # Only with a folder is a form asked for: it costs a look at the whole tokenizer.
        if self._cache is None or (form := self.form()) is None:
            return None
        form = form._replace(settings=[*form.settings, self.max_instances])
        return self._cache.find_or_make(form, list_sources(data_path), lambda share: self._kept(data_path, share))

    def _kept(self, data_path: Any, share: Share) -> Iterator[tuple[Tag, Instance]]:
        together = copy(self)
        together.processes = self._num_proc
        try:
            yield from together._all_tagged(data_path, lambda rows: share(self._everything(rows)))
        except ConfigurationError:
            if self._num_proc > 1:  # which reads ahead, and may meet another problem first: the error is that of one
                deque(self._all_tagged(data_path, self._everything), maxlen=0)
            raise

    def _all_tagged(self, data_path: Any, share: Share) -> Iterator[tuple[Tag, Instance]]:
        return self._everything(self.tagged(data_path, share))

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


def read_whole(reader: DatasetReader, data_path: Any, indexed: bool = True) -> Iterator[Instance]:
    """
    Every instance of a path on every distributed worker and in every process of a data loader, through any reader.

    AllenNLP deals instances out to the workers while reading, in one of two ways: by what a reader's constructor noted
    about the workers, or by `shard_iterable`, which asks torch (allennlp 2.10.1, dataset_reader.py:308). A copy of the
    reader reads, without both; of the readers that it holds as attributes, or in lists, tuples or mappings, too.

    # Parameters

    reader : `DatasetReader`
        The reader, which is not changed.
    data_path : `Any`
        What it reads.
    indexed : `bool`, optional (default = `True`)
        Whether instances get their token indexers. False in a process of a data loader, which sends them to another
        one: that applies the indexers, and refuses instances that have some.
    """
    return iter(_whole(reader, indexed).read(data_path))


def _whole(reader: DatasetReader, indexed: bool) -> DatasetReader:
    whole = copy(reader)
    vars(whole).update({name: _with_whole_readers(value, indexed) for name, value in vars(reader).items()})
    whole._set_distributed_info(None)
    whole._set_worker_info(None)
    vars(whole)["shard_iterable"] = lambda iterable: islice(iterable, whole.max_instances)
    if not indexed:
        # Readers within it are asked to read by it, and know nothing of the process.
        vars(whole)["apply_token_indexers"] = lambda instance: None
    return whole


def _with_whole_readers(value: Any, indexed: bool) -> Any:
    if isinstance(value, DatasetReader):
        return _whole(value, indexed)
    if type(value) in (list, tuple) and any(isinstance(member, DatasetReader) for member in value):
        return type(value)(_with_whole_readers(member, indexed) for member in value)
    if isinstance(value, dict) and any(isinstance(member, DatasetReader) for member in value.values()):
        return {name: _with_whole_readers(member, indexed) for name, member in value.items()}
    return value
