"""Drawing the same random numbers again."""

import torch
from torch import nn

from xlamaml_allennlp.adaptation.random_state import RandomState


def test_a_restored_state_draws_the_same_numbers_and_can_be_restored_again():
    state = RandomState.now(nn.Linear(1, 1))
    drawn = torch.rand(3)
    for _ in range(2):
        state.restore()
        assert torch.equal(torch.rand(3), drawn)
