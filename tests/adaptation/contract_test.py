"""What every registered estimator keeps to, whatever its cost and error."""

import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from torch import nn

from xlamaml_allennlp.adaptation import InnerLoop
from xlamaml_allennlp.adaptation.loss import parts


def test_every_registered_estimator_is_tested(all_forms):
    assert {form["type"] for form in all_forms.values()} == set(InnerLoop.list_available())


@pytest.mark.parametrize("name", InnerLoop.list_available())
def test_an_unknown_key_is_an_error_and_the_docstring_names_the_registration(name):
    with pytest.raises(ConfigurationError, match="num_stepz"):
        InnerLoop.from_params(Params({"type": name, "num_stepz": 2}))
    assert f'Registered as an `InnerLoop` with name "{name}".' in InnerLoop.by_name(name).__doc__


def test_gradients_accumulate_scale_and_take_other_terms(estimator, classification):
    module, support, query = classification()
    estimator(lr=0.5)(module, support, query).loss.backward()
    once = {name: p.grad.clone() for name, p in module.named_parameters() if p.grad is not None}

    penalty = module.out.weight.sum()
    ((estimator(lr=0.5)(module, support, query).loss + penalty) / 4).backward()

    for name, gradient in once.items():
        expected = 1.25 * gradient + (0.25 if name == "out.weight" else 0)
        torch.testing.assert_close(module.get_parameter(name).grad, expected)


def test_the_module_is_left_as_it_was(estimator, classification):
    module, support, query = classification(dropout=0.3)
    module.layer.train(False)
    before = {name: value.clone() for name, value in module.state_dict().items()}
    attributes = {name: set(submodule.__dict__) for name, submodule in module.named_modules()}

    adapted = estimator(lr=0.5, num_steps=2)(module, support, query)

    assert all(parameter.grad is None for parameter in module.parameters())
    adapted.loss.backward()
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())
    assert {name: set(submodule.__dict__) for name, submodule in module.named_modules()} == attributes
    assert module.training
    assert not module.layer.training
    assert all(parameter.is_leaf and parameter.requires_grad for parameter in module.parameters())


def test_the_module_is_left_as_it_was_when_a_loss_fails(estimator, classification, examples):
    module, support, _ = classification()
    # Fails within the network: there is no word 20.
    failing = examples(lambda net, ids: net(ids).sum(), torch.full((1, 6), 20))
    parameters = list(module.parameters())
    with pytest.raises(IndexError):
        estimator(lr=0.5)(module, support, failing)
    assert all(now is before for now, before in zip(module.parameters(), parameters, strict=True))
    assert "forward" not in module.words.__dict__


def test_query_examples_are_seen_once_and_support_examples_once_per_step_at_least(estimator, classification):
    module, support, query = classification()
    estimator(lr=0.5, num_steps=3)(module, support, query).loss.backward()
    assert query.seen == query.size
    assert support.seen >= 3 * support.size


def test_random_numbers_are_drawn_as_by_the_passes_of_the_trajectory(estimator, classification):
    module, support, query = classification(dropout=0.3)
    inner_loop = estimator(lr=0.5, num_steps=2)
    torch.manual_seed(1)
    inner_loop(module, support, query).loss.backward()
    after = torch.rand(3)

    torch.manual_seed(1)
    for loss in (support, support, query):
        for _, part in parts(loss, getattr(inner_loop, "micro_batch_size", None)):
            part(module)
    assert torch.equal(after, torch.rand(3))


def test_frozen_and_unused_parameters_get_no_gradient(estimator, classification):
    module, support, query = classification()
    module.words.weight.requires_grad_(False)
    module.layer.bias.requires_grad_(False)
    estimator(lr=0.5)(module, support, query).loss.backward()
    without = {name for name, parameter in module.named_parameters() if parameter.grad is None}
    assert without == {"words.weight", "layer.bias", "unused.weight", "unused.bias"}


def test_a_gradient_is_given_out_once(estimator, classification):
    module, support, query = classification()
    loss = estimator(lr=0.5)(module, support, query).loss
    loss.backward()
    with pytest.raises(RuntimeError):
        loss.backward()


def test_a_loss_that_is_not_a_number_is_shown(estimator, classification):
    module, support, query = classification()
    with torch.no_grad():
        module.out.bias[0] = float("nan")
    adapted = estimator(lr=0.5)(module, support, query)
    assert torch.isnan(adapted.loss)
    assert str(adapted.support_losses) == "[nan]"


def test_it_works_where_gradients_are_switched_off(estimator, classification):
    module, support, query = classification()
    with torch.no_grad():
        loss = estimator(lr=0.5)(module, support, query).loss
    loss.backward()
    assert module.out.weight.grad.abs().sum() > 0


@pytest.mark.parametrize("switched_on", [True, False])
def test_judging_gives_the_losses_of_a_call_and_differentiates_the_inner_steps_alone(
    estimator, classification, monkeypatch, switched_on
):
    module, support, query = classification()
    inner_loop = estimator(lr=0.5, num_steps=2)
    expected = inner_loop(module, support, query)
    before, asked, differentiate = query.seen, [], torch.autograd.grad

    def counting(*args, create_graph=False, **keys):
        asked.append(create_graph)
        return differentiate(*args, create_graph=create_graph, **keys)

    monkeypatch.setattr(torch.autograd, "grad", counting)
    with torch.set_grad_enabled(switched_on):
        judged = inner_loop.judge(module, support, query)
    # Two steps, each over the whole support set or over its three parts of at most two examples.
    assert asked == [False] * 2 * len(parts(support, getattr(inner_loop, "micro_batch_size", None)))
    assert judged.loss.item() == pytest.approx(expected.loss.item(), rel=1e-12)
    assert judged.support_losses == pytest.approx(expected.support_losses, rel=1e-12)
    assert not judged.loss.requires_grad
    assert all(parameter.grad is None for parameter in module.parameters())
    assert query.seen - before == query.size


def test_hooks_on_parameters_see_the_meta_gradient_alone(estimator, examples, vector):
    # AllenNLP's grad_clipping is such a hook. (w - 0)^2 / 2 with alpha = 0.5: w' = 1.5; L_Q = (w' - 1)^2 / 2.
    module = vector(3.0)
    seen = []
    module.w.register_hook(lambda gradient: seen.append(gradient.item()) or gradient.clamp(-0.1, 0.1))
    loss = lambda net, targets: ((net() - targets) ** 2 / 2).mean()  # noqa: E731
    support, query = (examples(loss, torch.full((4,), target, dtype=torch.float64)) for target in (0.0, 1.0))
    estimator(lr=0.5)(module, support, query).loss.backward()
    assert seen == pytest.approx([0.5 * 0.5 if estimator.second_order else 0.5], rel=1e-6)
    assert module.w.grad.item() == pytest.approx(0.1)


class Sum(nn.Module):
    """A layer whose weight is one of all languages plus one of its own, which may be kept in another shape."""

    def __init__(self, shape) -> None:
        super().__init__()
        self.shared = nn.Parameter(torch.ones(3, 2, dtype=torch.float64))
        self.own = nn.Parameter(torch.full(shape, 2.0, dtype=torch.float64))

    def forward(self, inputs):
        return inputs @ (self.shared + self.own.view(3, 2))


@pytest.mark.parametrize("shape", [(3, 2), (6,)])
def test_parameters_that_are_added_get_gradients_of_their_own(estimator, examples, shape):
    """On the same memory both would be clipped twice."""
    module = Sum(shape)
    loss = lambda net, inputs: net(inputs).square().mean()  # noqa: E731
    support, query = (examples(loss, torch.randn(4, 3, dtype=torch.float64)) for _ in range(2))
    estimator(lr=0.1)(module, support, query).loss.backward()
    assert torch.equal(module.shared.grad, module.own.grad.view(3, 2))
    torch.nn.utils.clip_grad_norm_(module.parameters(), 0.1)
    assert torch.nn.utils.get_total_norm([module.shared.grad, module.own.grad]).item() == pytest.approx(0.1, rel=1e-3)


def test_recurrent_networks_adapt_too(estimator, examples):
    """Their weights are also kept in a list of their own, which has to follow."""
    torch.manual_seed(0)
    module = nn.LSTM(3, 4, batch_first=True).double()
    loss = lambda net, inputs: net(inputs)[0].square().mean()  # noqa: E731
    support, query = (examples(loss, torch.randn(3, 5, 3, dtype=torch.float64)) for _ in range(2))
    adapted = estimator(lr=2.0)(module, support, query)
    adapted.loss.backward()
    before = query(module).item()
    gradients = torch.autograd.grad(support(module), list(module.parameters()))
    with torch.no_grad():
        for parameter, gradient in zip(module.parameters(), gradients, strict=True):
            parameter -= 2.0 * gradient
    assert adapted.loss.item() == pytest.approx(query(module).item(), rel=1e-10)
    assert adapted.loss.item() < before
