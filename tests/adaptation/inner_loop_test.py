"""The configuration of inner loops: what is refused, and what adapts."""

import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from torch import nn

from xlamaml_allennlp.adaptation import InnerLoop


@pytest.mark.parametrize("name", InnerLoop.list_available())
@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"lr": 0.0}, "inner_loop.lr is 0.0"),
        ({"lr": -1e-5}, "inner_loop.lr is -1e-05"),
        ({"lr": float("nan")}, "inner_loop.lr is nan"),
        ({"num_steps": -1}, "inner_loop.num_steps is -1; it must be at least 0"),
        ({"num_steps": 0, "support_weight": 1.0}, "num_steps is 0, and support_weight and learned_rates ask for"),
        ({"num_steps": 0, "learned_rates": {}}, "num_steps is 0, and support_weight and learned_rates ask for"),
        ({"parameters": []}, "inner_loop.parameters is an empty list"),
        ({"parameters": ["layer("]}, r'inner_loop.parameters: "layer\(" is not a regular expression'),
    ],
)
def test_values_out_of_range_are_refused_at_construction(name, keys, message):
    with pytest.raises(ConfigurationError, match=message):
        InnerLoop.from_params(Params({"type": name, **keys}))


@pytest.mark.parametrize("name", ["exact", "hessian_free", "first_order"])
def test_a_micro_batch_of_no_examples_is_refused(name):
    with pytest.raises(ConfigurationError, match=r"inner_loop.micro_batch_size is 0; it must be at least 1"):
        InnerLoop.from_params(Params({"type": name, "micro_batch_size": 0}))


@pytest.mark.parametrize("name", ["exact", "hessian_free", "first_order"])
def test_micro_batches_of_a_loss_that_cannot_be_split_are_refused(name):
    inner_loop = InnerLoop.from_params(Params({"type": name, "micro_batch_size": 2}))
    loss = lambda net: net(torch.ones(3)).sum()  # noqa: E731
    with pytest.raises(ConfigurationError, match=r"inner_loop.micro_batch_size is 2, but this loss cannot be taken"):
        inner_loop(nn.Linear(3, 1), loss, loss)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"relative_step": 0.0}, "inner_loop.relative_step is 0.0"),
        ({"relative_step": 0.1}, "inner_loop.relative_step is 0.1; it must be above 0 and at most 0.01"),
        ({"scheme": "backward"}, 'inner_loop.scheme is "backward"; it must be "forward" or "central"'),
    ],
)
def test_differences_that_make_no_sense_are_refused(keys, message):
    with pytest.raises(ConfigurationError, match=message):
        InnerLoop.from_params(Params({"type": "hessian_free", **keys}))


def network():
    return nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2), nn.Linear(2, 1))


def test_an_expression_that_matches_nothing_is_an_error_that_shows_some_names():
    inner_loop = InnerLoop.by_name("higher")(parameters=["1", "pooler"])
    with pytest.raises(
        ConfigurationError,
        match=r'"pooler" matches none of the 6 trainable parameters \(0.weight, 0.bias, 1.weight, ..., 2.bias\)',
    ):
        inner_loop.check(network())


def test_an_expression_that_matches_frozen_parameters_only_is_an_error():
    module = network()
    module[0].requires_grad_(False)
    with pytest.raises(ConfigurationError, match=r'"\^0" matches none of the 4 trainable parameters'):
        InnerLoop.by_name("exact")(parameters=["^0"]).check(module)


def test_a_model_with_nothing_to_train_is_an_error():
    with pytest.raises(ConfigurationError, match="no trainable parameter; check the key `no_grad`"):
        InnerLoop.by_name("exact")().check(network().requires_grad_(False))


def test_expressions_choose_what_adapts_by_any_name_that_a_parameter_has():
    module = network()
    module[2].bias.requires_grad_(False)
    module.register_module("again", module[1])
    adapted = InnerLoop.by_name("exact")(parameters=["^again.weight", "bias$"]).adapted_names(module)
    assert adapted == ["0.bias", "1.weight", "1.bias"]


@pytest.mark.parametrize("name", InnerLoop.list_available())
def test_gradient_checkpointing_is_refused_with_the_reason(name, bert_folder):
    from transformers import BertModel

    module = BertModel.from_pretrained(bert_folder)
    module.activation_checkpointing_enable()
    loss = lambda net: net(torch.tensor([[2, 5, 3]])).last_hidden_state.sum()  # noqa: E731
    with pytest.raises(ConfigurationError, match=r"gradient checkpointing is on in 1 \(BertModel\)"):
        InnerLoop.by_name(name)()(torch.nn.Sequential(torch.nn.Identity(), module), loss, loss)
