"""What an episode leaves in memory."""

import gc
import weakref

import pytest
import torch
from torch import nn


class Watching(nn.Module):
    """Remembers every weight that it was ever run with."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(3, 1)
        self.seen = []

    def forward(self, batch):
        self.seen.append(weakref.ref(self.layer.weight))
        return torch.tanh(self.layer(batch))


@pytest.fixture
def no_garbage_collector():
    gc.disable()
    yield
    gc.enable()


def test_fast_weights_are_freed_by_backward_without_the_garbage_collector(estimator, examples, no_garbage_collector):
    # In reference cycles they would pile up, one trajectory per episode.
    module = Watching()
    support, query = (examples(lambda net, batch: (net(batch) ** 2).mean(), torch.randn(4, 3)) for _ in range(2))
    estimator(lr=0.5, num_steps=3)(module, support, query).loss.backward()
    assert len(module.seen) >= 4
    assert {id(weight()) for weight in module.seen} <= {id(module.layer.weight), id(None)}
