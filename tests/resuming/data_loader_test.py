"""A data loader that is brought to where another left it yields what the other would have."""

import random
from itertools import islice
from typing import Any

import numpy
import pytest
import torch
from allennlp.common import Params
from allennlp.data import BatchSampler, DataLoader, Vocabulary
from allennlp.data.data_loaders import MultiProcessDataLoader

from tests.meta_training.tiny import TinyReader, config
from xlamaml_allennlp.resuming.data_loader import RepeatableDataLoader

EPOCH = 12  # batches


class Permuting(DataLoader):
    """Shuffles in place, with torch's generator, so that every pass depends on those before; collates by itself."""

    def __init__(self) -> None:
        self.numbers = list(range(EPOCH))

    def __iter__(self) -> Any:
        self.numbers = [self.numbers[i] for i in torch.randperm(EPOCH).tolist()]
        for number in self.numbers:
            yield number, numpy.random.rand()

    def __len__(self) -> int:
        return EPOCH

    def iter_instances(self) -> Any: ...
    def index_with(self, vocab: Any) -> None: ...
    def set_target_device(self, device: Any) -> None: ...


LOADERS: dict[str, dict[str, Any]] = {
    "in memory": {"batch_size": 3, "shuffle": True},
    "read in chunks": {"batch_size": 3, "shuffle": True, "max_instances_in_memory": 10},
    "epochs cut from one stream": {"batch_size": 3, "shuffle": True, "batches_per_epoch": 5},
    "not shuffled": {"batch_size": 3},
    "by length": {"batch_sampler": {"type": "bucket", "batch_size": 3, "sorting_keys": ["numbers"]}},
}


def keys_of(kind: str) -> dict[str, Any]:
    keys = dict(LOADERS[kind])
    if "batch_sampler" in keys:
        keys["batch_sampler"] = BatchSampler.from_params(Params(dict(keys["batch_sampler"])))
    return keys


def loader(kind: str, data: Any) -> RepeatableDataLoader:
    if kind == "permuting":
        return RepeatableDataLoader(Permuting())
    stock = MultiProcessDataLoader(TinyReader(), str(data), quiet=True, **keys_of(kind))
    stock.index_with(Vocabulary.empty())
    return RepeatableDataLoader(stock)


def shown(batch: Any) -> Any:
    return batch["numbers"].tolist() if isinstance(batch, dict) else batch


def trained_on(batches: Any, count: int) -> list[Any]:
    """Batches, between which others draw from all generators, as dropout does."""
    found = []
    for _ in range(count):
        found.append(shown(next(batches)))
        torch.rand(3), random.random(), numpy.random.rand()
    return found


@pytest.mark.parametrize("kind", [*LOADERS, "permuting"])
@pytest.mark.parametrize("passes, batches", [(0, 1), (0, 3), (1, 2), (2, 0), (2, 4)])
def test_the_batches_after_a_checkpoint_are_the_same(data, kind, passes, batches):
    whole = loader(kind, data)
    for _ in range(passes):
        for _ in whole:
            torch.rand(3), random.random(), numpy.random.rand()
    current = iter(whole)
    trained_on(current, batches)
    state = whole.state() if batches else {**whole.state(), "passes": whole.state()["passes"][:passes]}
    then = random.getstate(), torch.get_rng_state(), numpy.random.get_state()
    expected = [shown(batch) for batch in current], [shown(batch) for batch in whole]

    def restore() -> None:
        random.setstate(then[0])
        torch.set_rng_state(then[1])
        numpy.random.set_state(then[2])

    random.seed(7), torch.manual_seed(7), numpy.random.seed(7)
    other = loader(kind, data)
    other.resume(state, within=bool(batches), before_next=restore)
    first, second = [shown(batch) for batch in other], [shown(batch) for batch in other]
    assert first[:batches] == [None] * batches
    assert (first[batches:], second) == expected


def test_batches_that_are_done_are_not_collated(data):
    whole = loader("in memory", data)
    list(whole)
    current = iter(whole)
    trained_on(current, 5)
    other = loader("in memory", data)
    collated = []
    collate = other.loader.collate_fn._collate

    def counting(instances: Any) -> Any:
        collated.append(len(instances))
        return collate(instances)

    other.loader.collate_fn._collate = counting
    other.resume(whole.state(), within=True)
    assert len([batch for batch in other if batch is not None]) == EPOCH - 5
    assert collated == [3] * (EPOCH - 5)


class Skipping(Permuting):
    """Passes over batches of one endless stream when it is asked to; they are missing from the epoch."""

    position = 0

    def skip(self, count: int) -> None:
        self.position += count

    def __iter__(self) -> Any:
        for _ in range(EPOCH - self.position % EPOCH):
            self.position += 1
            yield self.position


def test_a_loader_that_can_skip_is_asked_to():
    whole = RepeatableDataLoader(Skipping())
    assert list(whole) == list(range(1, 13))
    current = iter(whole)
    assert [next(current), next(current)] == [13, 14]
    other = RepeatableDataLoader(Skipping())
    other.resume(whole.state(), within=True)
    assert list(other) == [None, None, *range(15, 25)]
    assert list(other) == list(range(25, 37))


def test_passes_that_were_abandoned_are_counted_as_far_as_they_went(data):
    def episodes() -> RepeatableDataLoader:
        params = config(data, episodes=EPOCH)["data_loader"]
        loader = DataLoader.from_params(params, reader=TinyReader(), data_path=str(data))
        loader.index_with(Vocabulary.empty())
        return RepeatableDataLoader(loader)

    def ids(batches: Any) -> list[Any]:
        return [batch and [tags["id"] for tags in batch["query"]["metadata"]] for batch in batches]

    whole, recovered = episodes(), episodes()
    for count in (3, 2):  # of two passes
        list(islice(iter(whole), count))
    recovered.resume(whole.state(), within=True)
    list(islice(iter(recovered), 1))  # abandoned among those that were done
    following = ids(whole)
    assert ids(recovered) == following
    assert len(following) == EPOCH


class FromTheBeginning(Skipping):
    def begin_anew(self) -> None:
        self.position = 0


def test_what_judges_parameters_begins_anew_in_every_pass_recovered_or_not():
    whole = RepeatableDataLoader(FromTheBeginning(), anew=True)
    assert list(whole) == list(whole) == list(range(1, 13))
    other = RepeatableDataLoader(FromTheBeginning(), anew=True)
    other.resume(whole.state(), within=False)
    assert list(other) == list(range(1, 13))


def test_a_loader_that_draws_once_in_a_pass_leaves_one_state_for_it_and_one_that_does_not_none(data):
    shuffled, still = loader("in memory", data), loader("not shuffled", data)
    for each in (shuffled, still):
        for _ in range(3):
            trained_on(iter(each), 4)
    assert [draw for draw, _ in shuffled.state()["draws"]] == [(number, 0, "python") for number in range(3)]
    assert still.state()["draws"] == []


def test_it_is_the_other_loader_in_all_else(data):
    whole = loader("in memory", data)
    assert (len(whole), whole.batch_size, len(list(whole.iter_instances()))) == (EPOCH, 3, 36)
    with pytest.raises(AttributeError, match="episodes_per_epoch"):
        whole.episodes_per_epoch
