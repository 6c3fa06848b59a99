"""Passes that are made again see the buffers that they saw before."""

import pytest
import torch
from torch import nn

from xlamaml_allennlp.adaptation import ExactInnerLoop, HessianFreeInnerLoop, HigherInnerLoop
from xlamaml_allennlp.adaptation.pass_state import PassState


def test_a_restored_state_brings_random_numbers_and_buffers_back_and_can_be_restored_again():
    buffers = {"mean": torch.zeros(2)}
    state = PassState.now(nn.Linear(1, 1), buffers)
    drawn = torch.rand(3)
    for _ in range(2):
        buffers["mean"] += 1
        state.restore()
        assert buffers["mean"].tolist() == [0.0, 0.0]
        assert torch.equal(torch.rand(3), drawn)


class Centred(nn.Module):
    """Subtracts a running mean of its features."""

    def __init__(self) -> None:
        super().__init__()
        self.layer, self.out = nn.Linear(3, 4), nn.Linear(4, 1)
        self.register_buffer("mean", torch.zeros(4))

    def forward(self, inputs):
        hidden = torch.tanh(self.layer(inputs))
        with torch.no_grad():
            self.mean.mul_(0.9).add_(0.1 * hidden.mean(0))
        return self.out(hidden - self.mean)


def spectral():
    return nn.Sequential(nn.utils.parametrizations.spectral_norm(nn.Linear(3, 5)), nn.Tanh(), nn.Linear(5, 2))


@pytest.mark.parametrize("network", [Centred, spectral])
@pytest.mark.parametrize(
    ("inner_loop", "tolerance"),
    [
        (ExactInnerLoop(lr=0.1, num_steps=2), 1e-10),
        (ExactInnerLoop(lr=0.1, num_steps=2, micro_batch_size=6), 1e-10),
        # Differences also see how the buffers follow the weights, which autograd is not told. That is small.
        (HessianFreeInnerLoop(lr=0.1, num_steps=2, relative_step=1e-7), 0.05),
        (HessianFreeInnerLoop(lr=0.1, num_steps=2, scheme="central"), 0.05),
    ],
)
def test_networks_whose_passes_change_buffers_get_the_meta_gradient_of_higher(network, inner_loop, tolerance, examples):
    torch.manual_seed(0)
    module = network().double()
    loss = lambda net, inputs: net(inputs).square().mean()  # noqa: E731
    sides = [examples(loss, torch.randn(6, 3, dtype=torch.float64)) for _ in range(2)]
    gradients = []
    for loop in (HigherInnerLoop(lr=0.1, num_steps=2), inner_loop):
        module.zero_grad()
        loop(module, *sides).loss.backward()
        gradients.append(torch.cat([parameter.grad.flatten() for parameter in module.parameters()]))
    expected, found = gradients
    assert (found - expected).norm() < tolerance * expected.norm()
