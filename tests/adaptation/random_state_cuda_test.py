"""Drawing a GPU's random numbers again."""

import torch
from torch import nn

from xlamaml_allennlp.adaptation.random_state import RandomState


def test_a_restored_state_draws_the_same_numbers_on_the_gpu_of_the_module(cuda):
    state = RandomState.now(nn.Linear(1, 1).to(cuda))
    drawn = torch.rand(3, device=cuda)
    for _ in range(2):
        state.restore()
        assert torch.equal(torch.rand(3, device=cuda), drawn)


def test_a_state_draws_the_same_dropout_masks_in_fused_attention(cuda):
    queries = torch.randn(2, 2, 5, 8, device=cuda)
    module = nn.Linear(1, 1).to(cuda)
    state = RandomState.now(module)
    attended = nn.functional.scaled_dot_product_attention(queries, queries, queries, dropout_p=0.5)
    state.restore()
    again = nn.functional.scaled_dot_product_attention(queries, queries, queries, dropout_p=0.5)
    assert torch.equal(attended, again)
