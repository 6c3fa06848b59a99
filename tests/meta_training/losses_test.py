"""Sides of an episode as losses, whole and in parts."""

from contextlib import nullcontext

import pytest
import torch
from allennlp.common.checks import ConfigurationError
from allennlp.data import Instance, Vocabulary
from allennlp.data.fields import LabelField, MetadataField, TensorField
from hypothesis import given
from hypothesis import strategies as st

from tests.meta_training.tiny import TinyClassifier
from xlamaml_allennlp.adaptation import BatchLoss
from xlamaml_allennlp.episodes import Side
from xlamaml_allennlp.languages.examples import InMemoryExamples
from xlamaml_allennlp.languages.tag import metadata, tag_of
from xlamaml_allennlp.meta_training.losses import QueryLoss, SupportLoss


def batch(size: int = 5) -> Side:
    generator = torch.Generator().manual_seed(size)
    numbers = torch.randn(size, 4, generator=generator)
    rows = [
        Instance(
            {
                "numbers": TensorField(row),
                "label": LabelField(int(row[0] > 0), skip_indexing=True),
                "metadata": MetadataField(metadata("hi", str(i), str(i))),
            }
        )
        for i, row in enumerate(numbers)
    ]
    return Side.of(InMemoryExamples((tag_of(row), row) for row in rows), range(size), lambda collated: collated)


def model() -> TinyClassifier:
    return TinyClassifier(Vocabulary(), dropout=0.0)


@given(size=st.integers(1, 9), part=st.integers(1, 10))
def test_parts_weigh_as_much_as_the_whole(size, part):
    loss, net = SupportLoss(batch(size), nullcontext), model()
    parts = loss.split(part)
    assert isinstance(loss, BatchLoss)
    assert loss.size == size
    assert sum(weight for weight, _ in parts) == pytest.approx(1)
    assert sum(weight * piece(net).item() for weight, piece in parts) == pytest.approx(loss(net).item(), rel=1e-5)


def test_outputs_of_the_parts_are_those_of_the_whole():
    net = model()
    whole, split = QueryLoss(batch(), nullcontext), QueryLoss(batch(), nullcontext)
    whole(net)
    for _, piece in split.split(2):
        piece(net)
    assert torch.allclose(whole.outputs()["logits"], split.outputs()["logits"])
    assert [tags["id"] for tags in split.outputs()["metadata"]] == ["0", "1", "2", "3", "4"]
    assert net.accuracy.total_count == 10


def test_kept_outputs_hold_no_graph():
    query = QueryLoss(batch(), nullcontext)
    loss = query(model())
    assert loss.requires_grad
    assert not query.outputs()["logits"].requires_grad


def test_a_support_pass_counts_nothing():
    net = model()
    SupportLoss(batch(), nullcontext)(net)
    assert net.accuracy.total_count == 0


def test_a_model_without_a_loss_is_told_what_is_missing():
    unlabelled = {key: value for key, value in batch().items() if key != "label"}
    with pytest.raises(RuntimeError, match=r'no "loss" .*logits'):
        QueryLoss(unlabelled, nullcontext)(model())


def test_a_batch_that_says_nothing_of_its_examples_is_not_taken_apart():
    plain = dict(batch())
    assert SupportLoss(plain, nullcontext)(model()).item() > 0
    with pytest.raises(ConfigurationError, match=r'micro_batch_size .* data_loader.type to "episodes", or .* null'):
        SupportLoss(plain, nullcontext).split(2)
