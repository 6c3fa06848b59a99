"""How often an estimator asks for a number, for which a GPU would be waited for."""

import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from xlamaml_allennlp.adaptation import ExactInnerLoop, FirstOrderInnerLoop, HigherInnerLoop

ATEN = torch.ops.aten


class Counts(TorchDispatchMode):
    """Counts questions for a tensor's numbers or for where they differ from zero, and all calls by name."""

    def __init__(self):
        super().__init__()
        self.questions = 0
        self.names = []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        self.questions += function in (ATEN._local_scalar_dense.default, ATEN.nonzero.default)
        self.names.append(function.overloadpacket._qualified_op_name)
        return function(*args, **(kwargs or {}))


def words(device="cpu"):
    """Five words, number 0 the padding, to one number; and the loss that this is wanted to be 1."""
    torch.manual_seed(0)
    module = nn.Sequential(nn.Embedding(5, 4, padding_idx=0), nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 1)).to(device)
    ids = torch.tensor([[1, 2, 0], [3, 1, 0]], device=device)
    return module, lambda net: (net(ids) - 1).square().mean()


@pytest.mark.parametrize("estimator", [ExactInnerLoop, FirstOrderInnerLoop, HigherInnerLoop])
def test_an_episode_of_three_steps_asks_for_its_support_losses_together(estimator):
    module, loss = words()
    inner_loop = estimator(lr=0.1, num_steps=3)
    with Counts() as counts:
        adapted = inner_loop(module, loss, loss)
    assert counts.questions == 0
    assert len(adapted.support_losses) == 3
    assert adapted.support_losses[0] == pytest.approx(loss(module).item(), rel=1e-6)


def test_an_inner_step_and_the_sum_of_its_gradients_are_one_call_for_all_matrices():
    module, loss = words()
    with Counts() as counts:
        FirstOrderInnerLoop(lr=0.1, num_steps=2)(module, loss, loss)
    assert counts.names.count("aten::_foreach_add") == 2
    # What is added by itself: the loss of each of three passes, and to the words of two what they have moved by. Two
    # layers and their biases would be 8 more.
    assert counts.names.count("aten::add") == 5
