"""bfloat16 passes with float32 weights."""

import pytest
import torch

from tests.meta_training.tiny import TinyClassifier
from xlamaml_allennlp.adaptation import InnerLoop
from xlamaml_allennlp.meta_training.precision import passes_in, warn_of_lost_differences


def test_passes_are_in_bfloat16_and_weights_and_validation_are_not(run, monkeypatch):
    kinds = {True: set(), False: set()}
    forward = TinyClassifier.forward

    def watching(self, numbers, label=None, metadata=None):
        outputs = forward(self, numbers, label, metadata)
        kinds[self.training].add(outputs["logits"].dtype)
        return outputs

    monkeypatch.setattr(TinyClassifier, "forward", watching)
    model = run(precision="bf16")
    assert kinds == {True: {torch.bfloat16}, False: {torch.float32}}
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}


def test_bfloat16_comes_near_float32(run):
    keys = {"model": {"dropout": 0.0}, "optimizer": {"type": "sgd", "lr": 0.1}}
    exact, rounded = run("exact", **keys), run("rounded", precision="bf16", **keys)
    assert not torch.equal(exact.out.weight, rounded.out.weight)
    # bfloat16 keeps 8 bits: gradients are off by some 2^-8 of themselves, times a rate of 0.1, in 6 steps.
    assert torch.allclose(exact.out.weight, rounded.out.weight, atol=5e-3)


def test_weights_that_an_estimator_changes_between_passes_are_cast_anew(run):
    keys = {"model": {"dropout": 0.0}, "optimizer": {"type": "sgd", "lr": 0.1}, "precision": "bf16"}
    unrolled, stepwise = (
        run(name, inner_loop={"type": name, "lr": 0.5, "num_steps": 3}, **keys) for name in ("higher", "exact")
    )
    assert torch.allclose(unrolled.out.weight, stepwise.out.weight, atol=5e-3)


def test_a_weight_that_is_used_twice_in_a_pass_is_cast_once():
    layer, inputs = torch.nn.Linear(3, 3), torch.ones(1, 3)
    with torch.profiler.profile() as profile, passes_in("bf16", torch.device("cpu"))():
        layer(layer(inputs))
    casts = [event.count for event in profile.key_averages() if event.key == "aten::_to_copy"]
    assert sum(casts) == 3  # weight, bias and inputs


@pytest.mark.parametrize(
    ("name", "precision", "warned"),
    [("hessian_free", "bf16", True), ("hessian_free", None, False), ("exact", "bf16", False)],
)
def test_finite_differences_in_bfloat16_are_warned_of(run, tmp_path, name, precision, warned):
    run(inner_loop={"type": name, "lr": 0.1}, precision=precision)
    log = (tmp_path / "out" / "out.log").read_text(encoding="utf-8")
    assert ("leaves next to nothing of the second-order term" in log) is warned


@pytest.mark.parametrize(
    ("name", "device", "products", "warned"),
    [
        ("hessian_free", "cuda", "high", True),
        ("hessian_free", "cuda", "highest", False),
        ("hessian_free", "cpu", "high", False),
        ("exact", "cuda", "high", False),
    ],
)
def test_finite_differences_in_tf32_are_warned_of(caplog, name, device, products, warned):
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(products)
    try:
        warn_of_lost_differences(None, InnerLoop.by_name(name)(), torch.device(device))
    finally:
        torch.set_float32_matmul_precision(before)
    assert ("are in TF32" in caplog.text) is warned


def test_bfloat16_leaves_nothing_of_the_second_order_term_to_finite_differences_and_most_of_it_to_exact():
    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.Tanh(), torch.nn.Linear(64, 3))
    sides = [(torch.randn(8, 64), torch.randint(0, 3, (8,))) for _ in range(2)]

    def loss_on(side, passes):
        def loss(net):
            with passes():
                return torch.nn.functional.cross_entropy(net(side[0]).float(), side[1])

        return loss

    def gradient(name, precision):
        module.zero_grad()
        losses = [loss_on(side, passes_in(precision, torch.device("cpu"))) for side in sides]
        InnerLoop.by_name(name)(lr=1e-2)(module, *losses).loss.backward()
        return torch.cat([parameter.grad.flatten() for parameter in module.parameters()])

    truth = gradient("exact", None) - gradient("first_order", None)
    errors = {
        name: float((gradient(name, "bf16") - gradient("first_order", "bf16") - truth).norm() / truth.norm())
        for name in ("exact", "hessian_free")
    }
    assert errors["exact"] < 0.1
    assert errors["hessian_free"] > 0.5
