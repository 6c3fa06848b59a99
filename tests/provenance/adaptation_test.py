"""What a run has adapted its model to: told by what it did, and by its config only where that is the same."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader

import tests.meta_training.tiny  # noqa: F401  registers tiny_numbers
from xlamaml_allennlp.languages.data_use import Adapted
from xlamaml_allennlp.provenance.adaptation import adaptation, from_bytes, to_bytes
from xlamaml_allennlp.provenance.manifest import Read

READS = [Read("train", "en", "a.tsv", 3), Read("train", "sw", "a.tsv", 2), Read("select", "hi", "b.tsv", 9)]


def reader(kind: str) -> DatasetReader:
    tiny = {"type": "tiny_numbers"}
    return DatasetReader.from_params(Params(tiny if kind == "all" else {"type": "drawn", "reader": tiny, "size": 5}))


def trainer(optimizer: Any, batches: int = 1, accumulated: int = 1) -> Any:
    made = optimizer([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    return SimpleNamespace(optimizer=made, data_loader=[None] * batches, _num_gradient_accumulation_steps=accumulated)


def test_the_steps_are_those_up_to_the_epoch_whose_weights_the_archive_holds():
    told = adaptation(reader("drawn"), trainer(torch.optim.SGD), READS, {"epoch": 9, "best_epoch": 3})
    assert told == Adapted({"en": 3, "sw": 2}, steps=4, alpha=0.5)


def test_an_epoch_of_five_batches_two_to_a_step_has_three_steps():
    told = adaptation(reader("drawn"), trainer(torch.optim.SGD, 5, 2), READS, {"epoch": 1})
    assert told is not None
    assert told.steps == 2 * 3


@pytest.mark.parametrize(("kind", "optimizer"), [("all", torch.optim.SGD), ("drawn", torch.optim.Adam)])
def test_what_is_no_plain_gradient_descent_on_drawn_examples_is_no_adaptation(kind, optimizer):
    assert adaptation(reader(kind), trainer(optimizer), READS, {"epoch": 0}) is None


def test_what_is_noted_is_read_again():
    told = Adapted({"en": 3}, 2, 1e-5)
    assert from_bytes(to_bytes(told), "a") == told


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"examples": {"en": "x"}, "steps": 1, "alpha": 1.0}',
        b'{"examples": [], "steps": 1, "alpha": 1.0}',
    ],
)
def test_a_note_of_something_else_is_an_error_that_names_the_archive(content):
    with pytest.raises(ConfigurationError, match=r"a\.tar\.gz: what it was adapted to cannot be read"):
        from_bytes(content, "a.tar.gz")
