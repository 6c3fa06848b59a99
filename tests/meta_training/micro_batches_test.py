"""Micro-batches are a matter of memory: whichever their size, the house's models learn and report the same."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from allennlp.commands.train import train_model
from allennlp.common import Params
from allennlp.training.callbacks import TrainerCallback

from tests.qa.conftest import DELHI, GANGES, asked, squad
from tests.resuming.recovery_test import outcome

ESTIMATORS = ["exact", "hessian_free", "first_order"]


@TrainerCallback.register("keep_outputs_for_test")
class KeepOutputs(TrainerCallback):
    kept: list[dict[str, Any]] = []

    def on_batch(self, *args: Any, **kwargs: Any) -> None:
        self.kept += args[2]


@pytest.fixture(scope="module")
def encoder(bert_folder, tmp_path_factory) -> Path:
    """A tiny encoder without dropout, of which other batches would draw other masks."""
    folder = Path(shutil.copytree(bert_folder, tmp_path_factory.mktemp("still") / "tiny"))
    settings = json.loads((folder / "config.json").read_text())
    settings |= {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    (folder / "config.json").write_text(json.dumps(settings))
    return folder


def nli(folder: Path, encoder: Path) -> dict[str, Any]:
    labels = ("entailment", "neutral", "contradiction")
    rows = [f"{'a ' * (k + 1)}\tb {k}\t{labels[k % 3]}" for k in range(8)]
    for language in ("en", "hi"):
        (folder / f"dev.{language}.tsv").write_text("\n".join(["premise\thypothesis\tlabel", *rows]) + "\n")
    return {
        "dataset_reader": {"type": "xnli", "model_name": str(encoder), "max_length": 32},
        "train_data_path": {language: str(folder / f"dev.{language}.tsv") for language in ("en", "hi")},
        "model": {"type": "cross_lingual_pair_classifier", "model_name": str(encoder), "dropout": 0.0},
    }


def qa(folder: Path, encoder: Path) -> dict[str, Any]:
    for language, text, answer in (("en", DELHI, "India"), ("hi", GANGES, "हिमालय")):
        paragraphs = ((f"{k}. {text}", [asked(f"q{k}", "?", answer, f"{k}. {text}")]) for k in range(8))
        (folder / f"dev.{language}.json").write_text(json.dumps(squad(*paragraphs)))
    reader = {"type": "mlqa", "model_name": str(encoder), "max_length": 48, "stride": 16, "max_question_length": 8}
    return {
        # All windows, so that questions differ in how many they have.
        "dataset_reader": {**reader, "windows": "all"},
        "train_data_path": {language: str(folder / f"dev.{language}.json") for language in ("en", "hi")},
        "model": {"type": "cross_lingual_span_qa", "model_name": str(encoder), "training_metrics": True},
    }


def trained(task: Any, folder: Path, encoder: Path, **inner_loop: Any) -> tuple[Any, dict[str, Any], list[Any]]:
    """The weights, the metrics and the outputs of a short run."""
    KeepOutputs.kept = []
    folder.mkdir()
    params: dict[str, Any] = {
        **task(folder, encoder),
        "vocabulary": {"type": "empty"},
        "data_loader": {
            "type": "episodes",
            "languages": {"type": "cross_lingual", "support": ["en"], "query": ["hi"]},
            "sampler": {"type": "covering", "support_size": 4, "query_size": 4},
            "episodes_per_epoch": 2,
        },
        "trainer": {
            "type": "meta",
            "cuda_device": -1,
            "inner_loop": {"lr": 0.01, **inner_loop},
            "num_epochs": 1,
            "optimizer": {"type": "sgd", "lr": 0.1},
            "checkpointer": None,
            "callbacks": ["keep_outputs_for_test"],
        },
    }
    model = train_model(Params(params), folder / "run")
    assert model is not None
    return model.state_dict(), outcome(folder / "run")["metrics.json"], KeepOutputs.kept


CASES = [pytest.param((task, name), id=f"{task.__name__}-{name}") for task in (nli, qa) for name in ESTIMATORS]


@pytest.fixture(scope="module", params=CASES)
def whole(request, encoder, tmp_path_factory) -> tuple[Any, str, Any]:
    """A task, an estimator, and the run in whole batches."""
    task, estimator = request.param
    return task, estimator, trained(task, tmp_path_factory.mktemp("whole") / "run", encoder, type=estimator)


def assert_same(found: Any, expected: Any, rel: float) -> None:
    assert type(found) is type(expected)
    if isinstance(expected, torch.Tensor):
        assert found.dtype == expected.dtype
        torch.testing.assert_close(found, expected, rtol=rel, atol=rel)
    elif isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for key in expected:
            assert_same(found[key], expected[key], rel)
    elif isinstance(expected, (list, tuple)):
        assert len(found) == len(expected)
        for item, other in zip(found, expected, strict=True):
            assert_same(item, other, rel)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=rel, abs=rel)
    else:
        assert numpy.array_equal(found, expected)


@pytest.mark.parametrize("size", [1, 3])
def test_a_run_in_micro_batches_is_the_run_in_whole_batches(whole, encoder, tmp_path, size):
    task, estimator, (weights, metrics, outputs) = whole
    found = trained(task, tmp_path / "run", encoder, type=estimator, micro_batch_size=size)
    # Finite differences are of numbers rounded in another order.
    rel = 1e-3 if estimator == "hessian_free" else 1e-4
    assert_same(dict(found[0]), dict(weights), rel)
    assert_same(found[1], metrics, rel)
    assert_same(found[2], outputs, rel)
    for output in found[2]:
        assert output["batch_size"] == len(output["metadata"])


def test_a_question_of_many_windows_is_a_pass_of_its_own_that_weighs_as_much(encoder, tmp_path):
    whole = trained(qa, tmp_path / "whole", encoder, type="first_order")
    split = trained(qa, tmp_path / "split", encoder, type="first_order", micro_batch_size=1)
    for output in split[2]:
        ids = [window["id"] for window in output["metadata"]]
        assert len(set(ids)) == 4
        assert len(ids) > 4
    # A mean of the questions' means would be another number.
    assert [output["loss"].item() for output in split[2]] == pytest.approx([o["loss"].item() for o in whole[2]])
    assert 0 <= split[1]["training_f1/hi"] <= 100
