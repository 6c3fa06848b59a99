"""A trained model's archive evaluates, predicts and starts a later stage by itself; both ways of scoring agree."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from allennlp.commands.evaluate import evaluate_from_archive
from allennlp.commands.train import train_model
from allennlp.common import Params
from allennlp.data import Vocabulary
from allennlp.models import load_archive
from allennlp.predictors import Predictor

from tests.qa.conftest import DELHI, ENGLISH, GANGES, HINDI
from xlamaml_allennlp.qa.metric import exact_match, f1
from xlamaml_allennlp.qa.model import CrossLingualSpanQa
from xlamaml_allennlp.qa.predictor import CrossLingualSpanQaPredictor

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("data")
    for language, content in (("en", ENGLISH), ("hi", HINDI)):
        (folder / f"dev.{language}.json").write_text(json.dumps(content), encoding="utf-8")
    return {language: str(folder / f"dev.{language}.json") for language in ("en", "hi")}


@pytest.fixture(scope="module")
def archive(xlmr_folder, data, tmp_path_factory) -> str:
    """Trained a little, its encoder's folder gone since."""
    root = tmp_path_factory.mktemp("trained")
    encoder = str(shutil.copytree(xlmr_folder, root / "encoder"))
    reader = {"type": "mlqa", "model_name": encoder, "max_length": 64, "stride": 16, "max_question_length": 32}
    config = {
        "dataset_reader": {**reader, "windows": "answer"},
        "validation_dataset_reader": reader,
        "train_data_path": data,
        "validation_data_path": data,
        "vocabulary": {"type": "empty"},
        "model": {"type": "cross_lingual_span_qa", "model_name": encoder},
        "data_loader": {"batch_size": 2, "shuffle": True},
        "validation_data_loader": {"batch_size": 2},
        "trainer": {
            "num_epochs": 2, "optimizer": {"type": "adamw", "lr": 5e-3}, "cuda_device": -1, "validation_metric": "+f1"
        },
        "include_in_archive": ["encoder"],
    }  # fmt: skip
    assert train_model(Params(config), str(root / "run")) is not None
    shutil.rmtree(encoder)
    return str(root / "run" / "model.tar.gz")


@pytest.fixture(scope="module")
def predictor(archive) -> Predictor:
    return Predictor.from_path(archive)


def test_evaluation_and_scoring_of_written_predictions_agree(archive, predictor, data):
    metrics = evaluate_from_archive(archive, json.dumps(data))
    assert isinstance(predictor, CrossLingualSpanQaPredictor)
    scores: dict[str, list[tuple[float, float]]] = {"en": [], "hi": []}
    for language, content in (("en", ENGLISH), ("hi", HINDI)):
        for paragraph in content["data"][0]["paragraphs"]:
            for asked in paragraph["qas"]:
                answer = predictor.predict(asked["question"], paragraph["context"])["answer"]
                right = answer, [gold["text"] for gold in asked["answers"]], language
                scores[language].append((exact_match(*right), f1(*right)))
    for k, name in enumerate(("em", "f1")):
        means = {language: sum(pair[k] for pair in pairs) / len(pairs) for language, pairs in scores.items()}
        assert metrics[f"{name}/en"] == pytest.approx(means["en"])
        assert metrics[f"{name}/hi"] == pytest.approx(means["hi"])
        assert metrics[f"{name}/mean"] == pytest.approx(sum(means.values()) / 2)
        assert metrics[name] == pytest.approx((2 * means["en"] + means["hi"]) / 3)
    assert metrics["loss"] > 0


def test_numbers_do_not_depend_on_how_windows_are_batched(archive, data):
    one, many = (evaluate_from_archive(archive, json.dumps(data), batch_size=size) for size in (1, 16))
    assert {k: v for k, v in one.items() if k != "loss"} == {k: v for k, v in many.items() if k != "loss"}


def test_predictions_can_be_written_while_evaluating(archive, data, tmp_path):
    out = tmp_path / "windows.jsonl"
    evaluate_from_archive(archive, data["hi"], predictions_output_file=str(out))
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert all(len(line["answer"]) == len(line["n_best"]) for line in lines)


def test_a_later_stage_starts_with_exactly_the_earlier_stages_weights(archive):
    weights = load_archive(archive).model.state_dict()
    model = CrossLingualSpanQa(Vocabulary.empty(), archive, pretrained_file=archive)
    ours = model.state_dict()
    assert ours.keys() == weights.keys()
    assert all(torch.equal(ours[name], weights[name]) for name in ours)


def test_prediction_reads_contexts_of_several_windows(predictor):
    context = f"{DELHI} {GANGES} {DELHI}"
    line = predictor.predict("Where?", context)
    assert context[line["start"] : line["end"]] == line["answer"]


def test_predict_exits_with_an_error_at_a_bad_line_and_has_written_what_came_before(archive, tmp_path):
    lines, out = tmp_path / "lines.jsonl", tmp_path / "out.jsonl"
    lines.write_text(json.dumps({"id": "good", "question": "Where?", "context": DELHI}) + "\n{}\n", encoding="utf-8")
    command = [sys.executable, "-m", "xlamaml_allennlp", "predict", archive, str(lines)]
    run = subprocess.run(
        [*command, "--output-file", str(out), "--batch-size", "8"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert f"{lines}:2: the line has no question" in run.stderr
    written = out.read_text(encoding="utf-8")
    assert json.loads(written)["id"] == "good"
    assert f"prediction:  {written}" in run.stdout
