"""The exact estimator in micro-batches."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from xlamaml_allennlp.adaptation import ExactInnerLoop


class Batch:
    """The mean over examples of a squared error; a `BatchLoss`."""

    def __init__(self, inputs, targets):
        self.inputs, self.targets = inputs, targets

    @property
    def size(self):
        return len(self.inputs)

    def __call__(self, net):
        return ((torch.tanh(net(self.inputs)) - self.targets) ** 2).mean()

    def split(self, micro_batch_size):
        parts = zip(self.inputs.split(micro_batch_size), self.targets.split(micro_batch_size), strict=True)
        return [(len(inputs) / self.size, Batch(inputs, targets)) for inputs, targets in parts]


def meta_gradient(module, support, query, **keys):
    module.zero_grad()
    ExactInnerLoop(lr=0.7, **keys)(module, support, query).loss.backward()
    return torch.cat([parameter.grad.flatten() for parameter in module.parameters()])


@given(
    support_size=st.integers(1, 7), query_size=st.integers(1, 7), micro=st.integers(1, 9), num_steps=st.integers(1, 3)
)
def test_micro_batches_of_any_size_give_the_meta_gradient_of_the_whole(support_size, query_size, micro, num_steps):
    generator = torch.Generator().manual_seed(0)
    draw = lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float64)  # noqa: E731
    module = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)).double()
    support = Batch(draw(support_size, 3), draw(support_size, 1))
    query = Batch(draw(query_size, 3), draw(query_size, 1))

    whole = meta_gradient(module, support, query, num_steps=num_steps)
    in_parts = meta_gradient(module, support, query, num_steps=num_steps, micro_batch_size=micro)
    torch.testing.assert_close(in_parts, whole, rtol=1e-10, atol=1e-12)


def test_passes_over_the_same_examples_draw_the_same_dropout_masks(examples):
    """A Hessian of other masks than the step's would be that of another function."""
    module = nn.Sequential(nn.Linear(3, 40), nn.Dropout(0.5), nn.Tanh(), nn.Linear(40, 1)).double()
    masks = []
    module[1].register_forward_hook(lambda layer, inputs, output: masks.append((output == 0).tolist()))
    batches = [torch.randn(4, 3, dtype=torch.float64) for _ in range(2)]
    support, query = (examples(lambda net, batch: (net(batch) ** 2).mean(), batch) for batch in batches)
    ExactInnerLoop(num_steps=2, micro_batch_size=2)(module, support, query)
    # Two steps of two parts, the query set's two parts, then the steps backwards.
    first, second, backwards = masks[0:2], masks[2:4], masks[6:]
    assert backwards == [*second, *first]
    assert len({str(mask) for mask in masks[:6]}) == 6


def test_hooks_and_attributes_of_a_network_work_in_every_pass(examples):
    module = nn.Embedding(5, 2).double()
    calls = []
    module.register_forward_pre_hook(lambda layer, inputs: calls.append(inputs[0].tolist()))
    loss = examples(lambda net, ids: (net(ids) ** 2).mean(), torch.tensor([1, 4]))
    ExactInnerLoop(lr=1.0)(module, loss, loss).loss.backward()
    assert calls == [[1, 4], [1, 4]]
    assert module.weight.grad[[0, 2, 3]].abs().sum() == 0
    # Mean of the squares of 4 numbers: w' = w (1 - 2/4); d/dw = (1 - 2/4) * 2 w' / 4 = w / 8.
    torch.testing.assert_close(module.weight.grad[[1, 4]], module.weight.detach()[[1, 4]] / 8)


@pytest.mark.parametrize("num_steps", [1, 3])
def test_a_support_loss_without_curvature_gives_the_query_gradient(examples, num_steps):
    # L_S = s w, so H_S = 0: d/dw L_Q = w' with w' = w - T alpha s.
    module = nn.Linear(1, 1, bias=False).double()
    one = torch.ones(1, 1, dtype=torch.float64)
    support, query = (
        examples(function, one) for function in (lambda n, x: n(x).mean(), lambda n, x: n(x).square().mean() / 2)
    )
    start = module.weight.item()
    ExactInnerLoop(lr=0.25, num_steps=num_steps)(module, support, query).loss.backward()
    assert module.weight.grad.item() == pytest.approx(start - 0.25 * num_steps)
