"""Everything on every distributed worker, through readers of this house and of others."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import torch.distributed
from allennlp.common import util
from allennlp.data import DatasetReader, Instance
from allennlp.data.dataset_readers.dataset_reader import DistributedInfo

from tests.episodes.tagged import instance
from xlamaml_allennlp.languages.reading import ExamplesReader, read_examples, read_whole
from xlamaml_allennlp.languages.tag import Tag, id_of


class RowsReader(DatasetReader):
    """Ten rows; shares them out by hand, as AllenNLP recommends, or leaves that to AllenNLP."""

    def __init__(self, by_hand: bool, max_instances: int | None = None) -> None:
        super().__init__(max_instances, manual_distributed_sharding=by_hand, manual_multiprocess_sharding=by_hand)

    def _read(self, file_path: Any) -> Iterable[Instance]:
        rows = range(10)
        for row in self.shard_iterable(rows) if self.manual_distributed_sharding else rows:
            yield instance("hi", row)


class TenPairsReader(ExamplesReader):
    """Ten rows of this house."""

    def tagged(self, data_path: Any, share: Any) -> Iterator[tuple[Tag, Instance]]:
        for row in share(range(10)):
            yield Tag("hi", str(row), "premise", source=data_path, row=row), instance("hi", row)


class WrappingReader(DatasetReader):
    """Holds other readers as an attribute, in a list and in a mapping."""

    def __init__(self, first: DatasetReader, second: DatasetReader, third: DatasetReader) -> None:
        super().__init__(manual_distributed_sharding=True)
        self.first, self.rest, self.named = first, [second], {"third": third}

    def _read(self, file_path: Any) -> Iterable[Instance]:
        for reader in (self.first, *self.rest, *self.named.values()):
            yield from reader.read(file_path)


@pytest.fixture(autouse=True)
def second_of_two_workers(monkeypatch):
    monkeypatch.setattr(util, "is_distributed", lambda: True)
    monkeypatch.setattr(torch.distributed, "get_world_size", lambda: 2)
    monkeypatch.setattr(torch.distributed, "get_rank", lambda: 1)


def share(reader: DatasetReader) -> list[int]:
    return [int(id_of(row)) for row in reader.read("file")]


def everything(reader: DatasetReader) -> list[int]:
    found = read_examples(reader, "file")
    return [int(found.tag(row).id) for row in range(len(found))]


READERS = [lambda **more: RowsReader(True, **more), lambda **more: RowsReader(False, **more), TenPairsReader]


@pytest.mark.parametrize("make", READERS)
def test_every_worker_knows_all_examples_and_still_reads_its_share(make):
    reader = make()
    assert share(reader) == [1, 3, 5, 7, 9]
    assert everything(reader) == list(range(10))
    assert share(reader) == [1, 3, 5, 7, 9]


@pytest.mark.parametrize("make", READERS)
def test_the_limit_of_instances_is_that_of_the_whole(make):
    assert everything(make(max_instances=4)) == [0, 1, 2, 3]


def test_wrapped_readers_are_included():
    reader = WrappingReader(RowsReader(True), RowsReader(False), RowsReader(True))
    assert [int(id_of(row)) for row in read_whole(reader, "file")] == 3 * list(range(10))
    assert share(reader) == 3 * [1, 3, 5, 7, 9]


def test_a_reader_is_not_changed_while_it_reads():
    reader = RowsReader(False)
    reading = read_whole(reader, "file")
    next(reading)
    assert reader.get_distributed_info() == DistributedInfo(2, 1)
    assert "shard_iterable" not in vars(reader)


def test_a_reader_of_the_house_says_file_and_row():
    found = read_examples(TenPairsReader(), "file")
    assert found.tag(3) == Tag("hi", "3", "premise", None, "file", 3)
