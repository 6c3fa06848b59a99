"""Inner rates that are learned, by paper and pencil, whatever the estimator."""

import math

import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from torch import nn
from torch.func import functional_call

from xlamaml_allennlp.adaptation import InnerLoop, LearnedRates


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.tensor(5.0, dtype=torch.float64))
        self.u = nn.Parameter(torch.tensor(3.0, dtype=torch.float64))

    def forward(self):
        return self.w, self.u


@pytest.fixture
def copies():
    return torch.ones(3, dtype=torch.float64)


def rated(loop, module, *multipliers):
    """The inner loop with learned rates of `lr` times these."""
    loop.check(module)
    logarithms = torch.tensor(multipliers, dtype=torch.float64).log()
    loop.learned_rates.restore({**loop.learned_rates.state(), "logarithms": logarithms})
    return loop


@pytest.mark.parametrize("num_steps", [1, 3])
@pytest.mark.parametrize(("direction", "sign"), [("descent", -1), ("ascent", 1)])
@pytest.mark.parametrize("weight", [0.0, 0.5])
def test_each_group_steps_by_its_rate_and_its_rate_learns(
    estimator, examples, copies, num_steps, direction, sign, weight
):
    # L_S = ((w - 2)^2 + 3 (u + 1)^2) / 2, of gradient h d with d = w - 2 = 3 and h = 1, d = u + 1 = 4 and h = 3. A step
    # of alpha multiplies d by k = 1 +- alpha h. L_Q = ((w' + 1)^2 + (u' - 1)^2) / 2, of gradient w' + 1 and u' - 1.
    # By s, with alpha = lr e^s: dd'/ds = T k^(T-1) (+-alpha h) d; to first order the sum of +-alpha h k^t d.
    module = Pair()
    support = examples(lambda net, c: c.mean() * ((net()[0] - 2) ** 2 + 3 * (net()[1] + 1) ** 2) / 2, copies)
    query = examples(lambda net, c: c.mean() * ((net()[0] + 1) ** 2 + (net()[1] - 1) ** 2) / 2, copies)
    keys = {"lr": 0.1, "num_steps": num_steps, "direction": direction, "support_weight": weight}
    loop = rated(estimator(**keys, learned_rates={"groups": ["w", "u"]}), module, 2.0, 0.5)

    loop(module, support, query).loss.backward()

    expected, by_rate = [], []
    for alpha, h, d, to_query in ((0.2, 1, 3, 3), (0.05, 3, 4, -2)):
        k = 1 + sign * alpha * h
        of_query = k**num_steps * d + to_query
        through = k**num_steps if estimator.second_order else 1
        expected.append(through * of_query + weight * h * d)
        powers = [k ** (num_steps - 1)] * num_steps if estimator.second_order else [k**t for t in range(num_steps)]
        by_rate.append(of_query * sum(sign * alpha * h * power * d for power in powers))
    assert [module.w.grad.item(), module.u.grad.item()] == pytest.approx(expected, rel=10 * estimator.tolerance)
    assert loop.learned_rates.logarithms.grad.tolist() == pytest.approx(by_rate, rel=10 * estimator.tolerance)


def test_what_is_in_no_group_steps_by_lr(estimator, examples, copies):
    # L_S = w + u: w' = 5 - 0.1 * 4, u' = 3 - 0.1. L_Q = w' + 2 u'; its gradient by s is -0.4, and theta's is (1, 2).
    module = Pair()
    support = examples(lambda net, c: c.mean() * (net()[0] + net()[1]), copies)
    query = examples(lambda net, c: c.mean() * (net()[0] + 2 * net()[1]), copies)
    loop = rated(estimator(lr=0.1, learned_rates={"groups": ["w"]}), module, 4.0)
    adapted = loop(module, support, query)
    adapted.loss.backward()
    assert adapted.loss.item() == pytest.approx(4.6 + 2 * 2.9)
    assert loop.judge(module, support, query).loss.item() == pytest.approx(4.6 + 2 * 2.9)
    assert loop.learned_rates.logarithms.grad.tolist() == pytest.approx([-0.4])
    assert [module.w.grad.item(), module.u.grad.item()] == pytest.approx([1, 2], rel=10 * estimator.tolerance)


def rates_by_hand(module, support, query, lr, multipliers, num_steps, second_order):
    """The gradients of the query loss by theta and by the rates' logarithms, by automatic differentiation."""
    theta = {name: parameter for name, parameter in module.named_parameters() if "unused" not in name}
    fast, logarithms = dict(theta), multipliers.log().requires_grad_()
    for _ in range(num_steps):
        loss = support(lambda *args: functional_call(module, fast, args))  # noqa: B023
        found = torch.autograd.grad(loss, list(fast.values()), create_graph=second_order, retain_graph=True)
        rates = dict(zip(["words", "positions", "layer", "out"], lr * logarithms.exp(), strict=True))
        fast = {
            name: weight - rates[name.split(".")[0]] * gradient
            for (name, weight), gradient in zip(fast.items(), found, strict=True)
        }
    loss = query(lambda *args: functional_call(module, fast, args))
    *by_theta, by_rates = torch.autograd.grad(loss, [*theta.values(), logarithms])
    return dict(zip(theta, by_theta, strict=True)), by_rates


@pytest.mark.parametrize("num_steps", [1, 3])
def test_on_a_network_it_agrees_with_a_double_loop_by_hand(estimator, classification, num_steps):
    module, support, query = classification()
    multipliers = torch.tensor([2.0, 0.5, 1.5, 0.7], dtype=torch.float64)
    by_theta, by_rates = rates_by_hand(module, support, query, 0.5, multipliers, num_steps, estimator.second_order)
    keys = {"learned_rates": {}, "parameters": ["words", "positions", "layer", "out"]}
    loop = rated(estimator(lr=0.5, num_steps=num_steps, **keys), module, *multipliers)
    (2 * loop(module, support, query).loss).backward()  # as accumulation scales it
    tolerance = 100 * estimator.tolerance
    torch.testing.assert_close(loop.learned_rates.logarithms.grad, 2 * by_rates, rtol=tolerance, atol=tolerance)
    for name, expected in by_theta.items():
        torch.testing.assert_close(module.get_parameter(name).grad, 2 * expected, rtol=tolerance, atol=tolerance)


def test_rates_move_by_a_factor_and_stay_above_zero():
    # Adam under an equal gradient goes by its learning rate, here in the logarithm: 80 steps of 0.25 are a factor e^20.
    loop, module = InnerLoop.from_params(Params({"type": "exact", "lr": 0.1, "learned_rates": {"lr": 0.25}})), Pair()
    loop.check(module)
    for _ in range(80):
        loop.learned_rates.logarithms.grad = torch.tensor([3.0, -1e-9], dtype=torch.float64)
        loop.learned_rates.step()
    assert loop.rates() == pytest.approx({"w": 0.1 * math.exp(-20), "u": 0.1 * math.exp(20)}, rel=1e-4)
    assert loop.learned_rates.logarithms.grad is None


class Deep(nn.Module):
    def __init__(self):
        super().__init__()
        self.embeddings = nn.Linear(1, 1)
        self.layer = nn.ModuleList([nn.ModuleList([nn.Linear(1, 1)]), nn.LayerNorm(1)])
        self.classifier = nn.Linear(1, 1)


def test_every_layer_is_a_group_by_default_and_the_first_expression_counts_otherwise():
    module, rates = Deep(), LearnedRates()
    names = [name for name, _ in module.named_parameters()]
    rates.bind(module, names)
    assert list(rates.multipliers()) == ["embeddings", "layer.0", "layer.1", "classifier"]
    rates = LearnedRates(groups=["bias$", "layer", "classifier"])
    rates.bind(module, names)
    assert rates.members == [
        {name for name in names if name.endswith("bias")},
        {"layer.0.0.weight", "layer.1.weight"},
        {"classifier.weight"},
    ]


@pytest.mark.parametrize(
    ("keys", "error"),
    [
        ({"learned_rates": {"lr": 0}}, r"learned_rates\.lr is 0; it must be a finite number above 0"),
        ({"learned_rates": {"groups": []}}, r"learned_rates\.groups is an empty list"),
        ({"learned_rates": {"groups": ["("]}}, r'learned_rates\.groups: "\(" is not a regular expression'),
        ({"learned_rates": {"groups": ["x"]}}, r'groups: "x" matches none of the 2 adapting parameters \(w, u\)'),
        ({"learned_rates": {"groups": ["[wu]", "u"]}}, 'all that "u" matches is in a group before it'),
        ({"learned_rates": {}, "normalize": True}, "learned_rates and normalize exclude each other"),
    ],
)
def test_rates_that_cannot_be_learned_are_refused(keys, error):
    with pytest.raises(ConfigurationError, match=error):
        InnerLoop.from_params(Params({"type": "first_order", **keys})).check(Pair())


def test_a_parameter_that_adapts_only_later_is_refused():
    loop, module = InnerLoop.from_params(Params({"type": "exact", "learned_rates": {}})), Pair()
    module.u.requires_grad_(False)
    loop.check(module)
    module.u.requires_grad_(True)
    with pytest.raises(ConfigurationError, match="u adapts only now"):
        loop.check(module)
