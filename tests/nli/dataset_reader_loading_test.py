"""The `xnli` reader under AllenNLP's own loaders and workers."""

import pickle
from functools import partial
from itertools import chain, pairwise
from unittest import mock

import pytest
import torch
from allennlp.common import util
from allennlp.data import Vocabulary
from allennlp.data.data_loaders import MultiProcessDataLoader
from allennlp.data.dataset_readers.dataset_reader import DistributedInfo, WorkerInfo
from allennlp.data.samplers import BucketBatchSampler

from xlamaml_allennlp.languages.tag import id_of
from xlamaml_allennlp.nli.dataset_reader import XnliReader


@pytest.fixture
def numbered(write) -> str:
    """100 pairs of growing length."""
    return write("dev-en.tsv", "".join(f"premise {i // 3}\t{'word ' * (i % 10)}{i}\tneutral\n" for i in range(100)))


@pytest.fixture
def own_reader(bert_folder) -> XnliReader:
    # Workers write on their reader.
    return XnliReader(str(bert_folder))


def number(id: str) -> int:
    return int(id.removeprefix("row "))


def ids_of(reader) -> list[int]:
    return [number(id_of(instance)) for instance in reader]


def test_loading_workers_share_the_pairs_out(own_reader, numbered):
    shares = []
    for worker in range(3):
        own_reader._set_worker_info(WorkerInfo(num_workers=3, id=worker))
        shares.append(ids_of(own_reader.read(numbered)))
    assert sorted(chain.from_iterable(shares)) == list(range(100))
    assert [len(share) for share in shares] == [34, 33, 33]


def test_distributed_workers_share_the_pairs_out(own_reader, numbered, monkeypatch):
    shares = []
    monkeypatch.setattr(util, "is_distributed", lambda: True)
    for rank in range(2):
        own_reader._set_distributed_info(DistributedInfo(world_size=2, global_rank=rank))
        monkeypatch.setattr(torch.distributed, "get_rank", partial(int, rank))
        monkeypatch.setattr(torch.distributed, "get_world_size", partial(int, 2))
        shares.append(ids_of(own_reader.read(numbered)))
    assert shares == [list(range(0, 100, 2)), list(range(1, 100, 2))]


def test_workers_tokenize_only_their_own_share(own_reader, numbered):
    own_reader._set_worker_info(WorkerInfo(num_workers=4, id=1))
    with mock.patch.object(own_reader, "_encoding", wraps=own_reader._encoding) as encoding:
        list(own_reader.read(numbered))
    assert sum(len(call.args[0]) for call in encoding.call_args_list) == 25


@pytest.mark.parametrize("num_workers", [0, 2])
def test_the_stock_loader_buckets_pairs_by_length(own_reader, numbered, num_workers):
    sampler = BucketBatchSampler(batch_size=8, sorting_keys=["tokens"], padding_noise=0.0, shuffle=False)
    loader = MultiProcessDataLoader(own_reader, numbered, batch_sampler=sampler, num_workers=num_workers)
    loader.index_with(Vocabulary.empty())
    batches = list(loader)
    assert [len(batch["label"]) for batch in batches] == [8] * 12 + [4]
    assert sorted(number(tags["id"]) for batch in batches for tags in batch["metadata"]) == list(range(100))
    # Sorted by length, no batch reaches into the lengths of the next.
    lengths = [batch["tokens"]["attention_mask"].sum(-1) for batch in batches]
    assert all(shorter.max() <= longer.min() for shorter, longer in pairwise(lengths))
    assert set(batches[0]["tokens"]) == {"input_ids", "token_type_ids", "attention_mask"}
    assert batches[0]["tokens"]["input_ids"].dtype == torch.int64


def test_an_instance_takes_its_own_tokens_along_and_no_more(own_reader, numbered):
    # A view of a batch's tensor would take the whole batch to every other process.
    one = next(iter(own_reader.read(numbered)))
    assert len(pickle.dumps(one["tokens"])) < 2000


def test_reading_twice_gives_the_same(own_reader, numbered):
    first, second = list(own_reader.read(numbered)), list(own_reader.read(numbered))
    assert [one["tokens"].input_ids.tolist() for one in first] == [one["tokens"].input_ids.tolist() for one in second]
    assert ids_of(first) == ids_of(second)
