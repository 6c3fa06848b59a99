"""Taking losses apart."""

import pytest
import torch

from xlamaml_allennlp.adaptation.loss import parts


def test_parts_are_weighted_by_their_share_of_the_examples(examples):
    loss = examples(lambda net, numbers: net(numbers).mean(), torch.tensor([1.0, 2.0, 3.0, 4.0, 10.0]))
    found = [(weight, part(lambda numbers: numbers).item()) for weight, part in parts(loss, 2)]
    assert [weight for weight, _ in found] == pytest.approx([0.4, 0.4, 0.2])
    assert [mean for _, mean in found] == [1.5, 3.5, 10.0]
    assert sum(weight * mean for weight, mean in found) == pytest.approx(4.0)


@pytest.mark.parametrize("micro_batch_size", [None, 2, 3])
def test_a_loss_that_fits_is_left_whole(examples, micro_batch_size):
    loss = examples(None, torch.zeros(2))
    assert parts(loss, micro_batch_size) == [(1.0, loss)]
