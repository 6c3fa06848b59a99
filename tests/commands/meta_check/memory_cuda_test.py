"""What the process that builds the reference leaves of a GPU to those that are measured."""

import torch

from xlamaml_allennlp.commands.meta_check.memory import let_go_of_gpus


class Holder:
    """Holds a tensor, and itself."""

    def __init__(self, device):
        self.tensor = torch.zeros(50_000_000, device=device)
        self.itself = self


def test_memory_of_what_is_gone_is_given_back_and_what_is_in_use_stays(cuda):
    let_go_of_gpus()
    kept = torch.ones(10, device=cuda)
    before = torch.cuda.memory_reserved(cuda)
    Holder(cuda)
    assert torch.cuda.memory_reserved(cuda) >= before + 200_000_000
    let_go_of_gpus()
    assert torch.cuda.memory_reserved(cuda) <= before + 2_100_000
    assert kept.sum() == 10
