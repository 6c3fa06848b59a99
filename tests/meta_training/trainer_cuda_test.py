"""Meta-training on a GPU: the CPU's results, bfloat16 passes, and recovery with the GPU's own random numbers."""

import json

import pytest
import torch

from tests.meta_training.tiny import TinyClassifier
from tests.resuming.recovery_test import CHECKPOINTS, outcome, same_weights, whole_and_recovered

ESTIMATORS = [
    {"type": "higher"},
    {"type": "exact"},
    {"type": "exact", "micro_batch_size": 2},
    {"type": "hessian_free", "relative_step": 1e-3},
    {"type": "first_order"},
]
PLAIN = {"model": {"dropout": 0.0}, "optimizer": {"type": "sgd", "lr": 0.1}}


@pytest.mark.parametrize("keys", ESTIMATORS, ids=lambda keys: "-".join(map(str, keys.values())))
@pytest.mark.parametrize("num_steps", [1, 3])
def test_a_gpu_meta_trains_as_the_cpu_does(cuda, run, tmp_path, keys, num_steps):
    inner_loop = {**keys, "lr": 0.3, "num_steps": num_steps}
    there = run("there", cuda_device=cuda.index, inner_loop=inner_loop, **PLAIN)
    here = run("here", inner_loop=inner_loop, **PLAIN)
    assert {parameter.device for parameter in there.parameters()} == {cuda}
    for name, weight in here.state_dict().items():
        assert torch.allclose(there.state_dict()[name].cpu(), weight, atol=1e-4 if "relative_step" in keys else 1e-5)
    metrics = [json.loads((tmp_path / name / "metrics.json").read_text()) for name in ("there", "here")]
    for name in ("training_loss", "training_support_loss", "validation_loss", "validation_accuracy"):
        assert metrics[0][name] == pytest.approx(metrics[1][name], abs=1e-4)


def test_a_gpu_draws_other_dropout_masks_than_the_cpu(cuda, run):
    # So what recovers on a GPU, below, has that GPU's random state to recover.
    there, here = run("there", cuda_device=cuda.index), run("here")
    assert not torch.allclose(there.out.weight.cpu(), here.out.weight, atol=1e-4)


@pytest.mark.parametrize("keys", ESTIMATORS, ids=lambda keys: "-".join(map(str, keys.values())))
def test_a_run_on_a_gpu_that_is_interrupted_ends_as_one_that_was_not(cuda, run, tmp_path, monkeypatch, keys):
    keys = {
        "cuda_device": cuda.index,
        "inner_loop": {**keys, "lr": 0.1},
        "checkpointer": CHECKPOINTS,
        "callbacks": ["interrupt_for_test"],
    }
    whole, recovered = whole_and_recovered(run, monkeypatch, (1, 2, True), keys)
    assert same_weights(recovered, whole)
    assert outcome(tmp_path / "broken") == outcome(tmp_path / "whole")


def test_passes_on_a_gpu_are_in_bfloat16_and_weights_and_validation_are_not(cuda, run, monkeypatch):
    kinds = {True: set(), False: set()}
    forward = TinyClassifier.forward

    def watching(self, numbers, label=None, metadata=None):
        outputs = forward(self, numbers, label, metadata)
        kinds[self.training].add(outputs["logits"].dtype)
        return outputs

    monkeypatch.setattr(TinyClassifier, "forward", watching)
    model = run(precision="bf16", cuda_device=cuda.index)
    assert kinds == {True: {torch.bfloat16}, False: {torch.float32}}
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}


@pytest.mark.parametrize("name", ["higher", "exact", "first_order"])
def test_bfloat16_on_a_gpu_comes_near_float32(cuda, run, name):
    keys = {**PLAIN, "cuda_device": cuda.index, "inner_loop": {"type": name, "lr": 0.1, "num_steps": 3}}
    exact, rounded = run("exact", **keys), run("rounded", precision="bf16", **keys)
    assert not torch.equal(exact.out.weight, rounded.out.weight)
    # bfloat16 keeps 8 bits: gradients are off by some 2^-8 of themselves, times a rate of 0.1, in 6 steps.
    assert torch.allclose(exact.out.weight, rounded.out.weight, atol=5e-3)
