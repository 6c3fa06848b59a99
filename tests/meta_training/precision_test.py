"""bfloat16 passes with float32 weights."""

import torch

from tests.meta_training.tiny import TinyClassifier


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
