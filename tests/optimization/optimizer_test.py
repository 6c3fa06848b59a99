"""`adamw_fused` takes the steps of `adamw`, and a run that is cut in two takes the same ones."""

import io
from typing import Any

import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.training.optimizers import Optimizer
from torch.nn import Parameter

SHAPES = {"embedding": (40, 6), "dense": (6, 6), "norm": (6,), "untouched": (3,)}


def parameters() -> list[tuple[str, Parameter]]:
    generator = torch.Generator().manual_seed(5)
    return [(name, Parameter(torch.randn(shape, generator=generator))) for name, shape in SHAPES.items()]


def build(kind: str, named: list[tuple[str, Parameter]], **keys: Any) -> Optimizer:
    return Optimizer.from_params(Params({"type": kind, **keys}), model_parameters=named)


def step(optimizer: Optimizer, named: list[tuple[str, Parameter]], number: int) -> None:
    generator = torch.Generator().manual_seed(number)
    for name, parameter in named:
        if name != "untouched":
            parameter.grad = torch.randn(parameter.shape, generator=generator)
    for group in optimizer.param_groups:  # as a schedule does
        group["lr"] = 0.02 / (1 + number)
    optimizer.step()


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"weight_decay": 0.3, "betas": [0.5, 0.9], "eps": 1e-3},
        {"amsgrad": True},
        {"parameter_groups": [[["norm"], {"weight_decay": 0.0, "lr": 0.5}]]},
    ],
)
def test_thirty_steps_are_those_of_adamw_to_rounding(keys):
    stock, fused = parameters(), parameters()
    ours, theirs = build("adamw_fused", fused, **dict(keys)), build("adamw", stock, **dict(keys))
    for number in range(30):
        step(theirs, stock, number)
        step(ours, fused, number)
    for (name, expected), (_, found) in zip(stock, fused, strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-6, msg=name)


def test_the_first_step_is_the_one_of_the_paper():
    # With one gradient the corrected moments are g and g^2: theta - lr * (weight_decay * theta + g / (|g| + eps)).
    weight = Parameter(torch.tensor([2.0, -3.0]))
    optimizer = build("adamw_fused", [("weight", weight)], lr=0.1, weight_decay=0.5, eps=0.25)
    weight.grad = torch.tensor([0.75, -0.25])
    optimizer.step()
    expected = [2.0 - 0.1 * (0.5 * 2.0 + 0.75 / 1.0), -3.0 - 0.1 * (0.5 * -3.0 - 0.25 / 0.5)]
    torch.testing.assert_close(weight.data, torch.tensor(expected))


def test_a_state_that_was_saved_and_read_goes_on_bit_for_bit():
    whole, cut = parameters(), parameters()
    undisturbed, first = build("adamw_fused", whole), build("adamw_fused", cut)
    for number in range(4):
        step(undisturbed, whole, number)
        step(first, cut, number)
    file = io.BytesIO()
    torch.save(first.state_dict(), file)
    file.seek(0)
    resumed = build("adamw_fused", cut)
    resumed.load_state_dict(torch.load(file, weights_only=True))
    for number in range(4, 9):
        step(undisturbed, whole, number)
        step(resumed, cut, number)
    for (name, expected), (_, found) in zip(whole, cut, strict=True):
        assert torch.equal(found, expected), name


def test_parameters_without_a_gradient_stay_as_they_are():
    named = parameters()
    before = named[-1][1].clone()
    step(build("adamw_fused", named), named, 0)
    assert torch.equal(named[-1][1], before)


def test_numbers_that_are_not_real_are_refused_by_name():
    with pytest.raises(ConfigurationError, match=r"wave is torch\.complex64"):
        build("adamw_fused", [("wave", Parameter(torch.zeros(2, dtype=torch.complex64)))])
