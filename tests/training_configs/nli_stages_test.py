"""The three stages of NLI through AllenNLP's own commands, on tiny data and a tiny encoder."""

import json
import shutil
import sys
from pathlib import Path

import pytest
import torch
from allennlp.commands import main
from allennlp.commands.evaluate import evaluate_from_archive
from allennlp.commands.train import train_model
from allennlp.models.archival import load_archive
from allennlp.predictors import Predictor

SMALL = "{ data_loader+: { sampler+: { support_size: 4, query_size: 4 } } }"


@pytest.fixture(scope="module")
def encoder(bert_folder, tmp_path_factory) -> Path:
    # A copy that a test can take away.
    return Path(shutil.copytree(bert_folder, tmp_path_factory.mktemp("encoders") / "tiny"))


@pytest.fixture
def english(trained_once, encoder, nli_data) -> str:
    """The archive of stage 1."""
    train = str(nli_data / "multinli_1.0_train.jsonl")
    return trained_once("mnli_finetune", encoder=str(encoder), train=train, batch_size=8, num_epochs=1, lr=1e-2)


def weights(archive: str) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in load_archive(archive).model.state_dict().items()}


@pytest.mark.parametrize(
    ("config", "arguments"),
    [("xnli_xla_maml.jsonnet", {"support": ["en"], "query": ["hi"]}), ("xnli_x_maml.jsonnet", {"query": ["hi"]})],
)
def test_meta_training_moves_stage_one_and_reports_every_language(
    tmp_path, variant, english, encoder, nli_data, config, arguments
):
    params = variant(
        config, SMALL, encoder=str(encoder), xnli=str(nli_data), base=english, meta_steps_per_language=6, lr=1e-2,
        **arguments,
    )  # fmt: skip
    train_model(params, str(tmp_path / "run"))
    archive = str(tmp_path / "run" / "model.tar.gz")

    before, after = weights(english), weights(archive)
    moved = [name for name in before if not torch.equal(before[name], after[name])]
    assert any("encoder.layer.0" in name for name in moved)

    metrics = evaluate_from_archive(archive, str(nli_data / "xnli.test.tsv"), metrics_output_file=None)
    assert {"accuracy", "accuracy/en", "accuracy/hi", "accuracy/sw", "accuracy/mean"} <= set(metrics)
    trained = json.loads((tmp_path / "run" / "metrics.json").read_text())
    # 6 steps of 4 query examples in one language.
    assert 0 <= trained["training_accuracy/hi"] <= 1
    assert "training_accuracy/en" not in trained


def test_a_rate_of_zero_leaves_stage_one_as_it_is(tmp_path, variant, english, encoder, nli_data):
    params = variant(
        "xnli_xla_maml.jsonnet", SMALL, encoder=str(encoder), xnli=str(nli_data), base=english,
        meta_steps_per_language=2, lr=0.0,
    )  # fmt: skip
    train_model(params, str(tmp_path / "run"))
    before, after = weights(english), weights(str(tmp_path / "run" / "model.tar.gz"))
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_few_shot_trains_on_the_target_alone(tmp_path, variant, english, encoder, nli_data):
    params = variant(
        "xnli_few_shot.jsonnet", encoder=str(encoder), xnli=str(nli_data), base=english, target="sw", batch_size=8
    )
    train_model(params, str(tmp_path / "run"))
    trained = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert [key for key in trained if key.startswith("training_accuracy/")] == [
        "training_accuracy/sw",
        "training_accuracy/mean",
    ]


def test_an_archive_needs_neither_the_encoder_folder_nor_stage_one(tmp_path, variant, encoder, nli_data, bert_folder):
    own = shutil.copytree(bert_folder, tmp_path / "own")
    train = str(nli_data / "multinli_1.0_train.jsonl")
    train_model(variant("mnli_finetune.jsonnet", encoder=str(own), train=train, num_epochs=1), str(tmp_path / "one"))
    base = str(tmp_path / "one" / "model.tar.gz")
    train_model(
        variant(
            "xnli_xla_maml.jsonnet", SMALL, encoder=str(own), xnli=str(nli_data), base=base, meta_steps_per_language=2
        ),
        str(tmp_path / "two"),
    )
    archive = shutil.copy(tmp_path / "two" / "model.tar.gz", tmp_path / "alone.tar.gz")
    for folder in ("own", "one", "two"):
        shutil.rmtree(tmp_path / folder)

    predicted = Predictor.from_path(str(archive)).predict_json({"premise": "a b", "hypothesis": "a"})
    assert predicted["label"] in ("entailment", "neutral", "contradiction")
    assert sum(predicted["probs"].values()) == pytest.approx(1)


def test_evaluate_takes_one_file_a_comma_list_and_a_mapping(tmp_path, english, nli_data):
    test, dev = str(nli_data / "xnli.test.tsv"), str(nli_data / "xnli.dev.tsv")
    out = str(tmp_path / "test.json") + "," + str(tmp_path / "dev.json")
    evaluate_from_archive(english, f"{test},{dev}", metrics_output_file=out)
    mapping = json.dumps({"hi": test})
    only_hindi = evaluate_from_archive(english, mapping, metrics_output_file=str(tmp_path / "hi.json"))
    on_test = json.loads((tmp_path / "test.json").read_text())
    assert "accuracy/sw" in json.loads((tmp_path / "dev.json").read_text())
    assert only_hindi["accuracy"] == pytest.approx(on_test["accuracy/hi"])
    assert "accuracy/en" not in only_hindi


def test_predict_reads_lines_and_writes_labels(tmp_path, monkeypatch, english):
    lines = tmp_path / "pairs.jsonl"
    lines.write_text("".join(json.dumps({"premise": "x " * n, "hypothesis": "y"}) + "\n" for n in (1, 40, 3)))
    out = tmp_path / "predictions.jsonl"
    command = ["predict", english, str(lines), "--output-file", str(out), "--silent", "--batch-size", "2"]
    monkeypatch.setattr(sys, "argv", ["allennlp", *command])
    main()
    predictions = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(predictions) == 3
    assert all(p["label"] == max(p["probs"], key=p["probs"].get) for p in predictions)
