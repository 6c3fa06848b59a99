from collections.abc import Iterable
from typing import Any

import pytest
import torch.distributed
from allennlp.common import util
from allennlp.data import DatasetReader, Instance
from allennlp.data.dataset_readers.dataset_reader import DistributedInfo

from tests.episodes.tagged import instance
from xlamaml_allennlp.languages.tag import id_of
from xlamaml_allennlp.languages.whole_data import whole_data


class RowsReader(DatasetReader):
    """Ten rows; shares them out by hand, as AllenNLP recommends, or leaves that to AllenNLP."""

    def __init__(self, by_hand: bool, max_instances: int | None = None) -> None:
        super().__init__(max_instances, manual_distributed_sharding=by_hand, manual_multiprocess_sharding=by_hand)

    def _read(self, file_path: Any) -> Iterable[Instance]:
        rows = range(10)
        for row in self.shard_iterable(rows) if self.manual_distributed_sharding else rows:
            yield instance("hi", row)


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


def ids(reader: DatasetReader) -> list[int]:
    return [int(id_of(row)) for row in reader.read("")]


@pytest.mark.parametrize("by_hand", [True, False])
def test_every_worker_reads_everything_inside_and_its_share_outside(by_hand):
    reader = RowsReader(by_hand)
    assert ids(reader) == [1, 3, 5, 7, 9]
    with whole_data(reader):
        assert ids(reader) == list(range(10))
    assert ids(reader) == [1, 3, 5, 7, 9]


@pytest.mark.parametrize("by_hand", [True, False])
def test_the_limit_of_instances_is_that_of_the_whole(by_hand):
    reader = RowsReader(by_hand, max_instances=4)
    with whole_data(reader):
        assert ids(reader) == [0, 1, 2, 3]


def test_wrapped_readers_are_included():
    reader = WrappingReader(RowsReader(True), RowsReader(False), RowsReader(True))
    with whole_data(reader):
        assert ids(reader) == 3 * list(range(10))


def test_the_reader_is_restored_after_an_error():
    reader = RowsReader(False)
    with pytest.raises(KeyError), whole_data(reader):
        raise KeyError
    assert reader.get_distributed_info() == DistributedInfo(2, 1)
    assert "shard_iterable" not in vars(reader)
