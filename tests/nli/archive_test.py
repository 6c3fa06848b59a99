"""A trained model's archive: enough by itself, and the start of a later stage."""

import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest
import torch
from allennlp.commands.evaluate import evaluate_from_archive
from allennlp.commands.train import train_model
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary
from allennlp.models import Model, load_archive
from allennlp.predictors import Predictor

from xlamaml_allennlp.encoders.encoder import load_encoder
from xlamaml_allennlp.encoders.tokenizer import load_tokenizer
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier
from xlamaml_allennlp.nli.predictor import CrossLingualPairPredictor

LINES = [
    {
        "sentence1": f"a man {verb}",
        "sentence2": f"he {verb}",
        "gold_label": label,
        "language": language,
        "pairID": str(i),
    }
    for i, (verb, label, language) in enumerate(
        [("sleeps", "entailment", "en"), ("sings", "neutral", "hi"), ("runs", "contradiction", "en")]
    )
]


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


def config(encoder, data, **model) -> Params:
    reader = {"type": "xnli", "model_name": str(encoder)}
    return Params(
        {
            "dataset_reader": reader,
            "train_data_path": str(data),
            "validation_data_path": str(data),
            "vocabulary": {"type": "empty"},
            "model": {"type": "cross_lingual_pair_classifier", "model_name": str(encoder), **model},
            "data_loader": {"batch_size": 3},
            "trainer": {"num_epochs": 1, "optimizer": {"type": "adamw", "lr": 1e-2}, "cuda_device": -1},
            "include_in_archive": ["encoder"],
        }
    )


def trained_model(params: Params, run: str, **options: Any) -> Model:
    model = train_model(params, run, **options)
    assert model is not None
    return model


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("data") / "xnli.dev.jsonl"
    path.write_text("\n".join(map(json.dumps, LINES)), encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=["bert_folder", "xlmr_folder"])
def trained(request, data, tmp_path_factory) -> tuple[str, dict[str, torch.Tensor]]:
    """An archive whose encoder's folder is gone, and the weights that are to be in it."""
    root = tmp_path_factory.mktemp("trained")
    encoder = shutil.copytree(request.getfixturevalue(request.param), root / "encoder")
    model = trained_model(config(encoder, data), str(root / "stage1"))
    shutil.rmtree(encoder)
    return str(root / "stage1" / "model.tar.gz"), {name: w.clone() for name, w in model.state_dict().items()}


def assert_same(model: torch.nn.Module, weights: dict[str, torch.Tensor]) -> None:
    ours = model.state_dict()
    assert ours.keys() == weights.keys()
    for name in ours:
        torch.testing.assert_close(ours[name], weights[name], rtol=0, atol=0)


def test_an_archive_loads_evaluates_and_predicts_without_the_hub_and_the_encoders_folder(trained, data, tmp_path):
    archive, weights = trained
    assert_same(load_archive(archive).model, weights)

    metrics = evaluate_from_archive(archive, str(data))
    assert {"accuracy", "accuracy/en", "accuracy/hi", "accuracy/mean", "loss"} <= metrics.keys()
    assert metrics["accuracy"] == pytest.approx((2 * metrics["accuracy/en"] + metrics["accuracy/hi"]) / 3)

    predictor = Predictor.from_path(archive)
    assert isinstance(predictor, CrossLingualPairPredictor)
    assert set(predictor.predict("a man sleeps", "he sleeps")["probs"]) == {"entailment", "neutral", "contradiction"}


def test_batches_of_unequal_size_can_be_weighed_and_predictions_written(trained, data, tmp_path):
    out = tmp_path / "predictions.jsonl"
    keys = {"batch_size": 2, "batch_weight_key": "batch_size", "predictions_output_file": str(out)}
    in_two = evaluate_from_archive(trained[0], str(data), **keys)
    in_one = evaluate_from_archive(trained[0], str(data), batch_size=3)
    assert in_two["loss"] == pytest.approx(in_one["loss"], rel=1e-5)
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [len(line["label"]) for line in lines] == [2, 1]


def test_a_serialization_folder_loads_like_its_archive(trained):
    archive, weights = trained
    assert_same(load_archive(Path(archive).parent).model, weights)


def test_an_archive_holds_the_encoder_without_its_weights(trained):
    with tarfile.open(trained[0]) as tar:
        kept = {Path(member.name).name for member in tar.getmembers() if member.isfile() and "encoder/" in member.name}
    assert {"config.json", "tokenizer.json"} <= kept
    assert not [name for name in kept if name.endswith((".safetensors", ".bin", ".th"))]


def test_an_archive_can_be_a_model_name(trained, tmp_path):
    archive, weights = trained
    expected = {name.removeprefix("encoder."): w for name, w in weights.items() if name.startswith("encoder.")}
    assert_same(load_encoder(archive), expected)
    assert load_tokenizer(archive)("a b", "c")["input_ids"]
    # In a second run, whose own archive needs the first no more.
    load_encoder(archive, str(tmp_path))
    load_tokenizer(archive, str(tmp_path))
    assert len(list((tmp_path / "encoder").iterdir())) == 1


def test_a_later_stage_starts_with_exactly_the_earlier_stages_weights(trained, data, tmp_path):
    archive, weights = trained
    model = CrossLingualPairClassifier(Vocabulary.empty(), archive, pretrained_file=archive)
    assert_same(model, weights)


def test_a_later_stages_archive_does_not_need_the_earlier_one(trained, data, tmp_path):
    first = shutil.copy(trained[0], tmp_path / "model.tar.gz")
    params = config(first, data, pretrained_file=str(first))
    weights = {name: w.clone() for name, w in trained_model(params, str(tmp_path / "stage2")).state_dict().items()}
    Path(first).unlink()
    assert_same(load_archive(tmp_path / "stage2" / "model.tar.gz").model, weights)


def test_a_run_that_is_recovered_is_built_on_pretrained_weights_and_ends_as_it_was(bert_folder, data, tmp_path):
    run = str(tmp_path / "run")
    first = trained_model(config(bert_folder, data), run)
    # --recover builds the model from the config, as training does, and not as loading an archive does.
    params = Params.from_file(f"{run}/config.json")["model"]
    model = Model.from_params(params, vocab=Vocabulary.empty(), serialization_dir=run)
    assert_same(model.encoder, load_encoder(str(bert_folder)).state_dict())
    assert_same(trained_model(config(bert_folder, data), run, recover=True), first.state_dict())


def test_a_pretrained_file_of_another_encoder_names_both(trained, bert_folder, xlmr_folder):
    archive, weights = trained
    with tarfile.open(archive) as tar:
        theirs = json.load(tar.extractfile("config.json"))["model"]["model_name"]
    # Of the two families, XLM-R has one token type.
    of_xlmr = len(weights["encoder.embeddings.token_type_embeddings.weight"]) == 1
    other = str(bert_folder if of_xlmr else xlmr_folder)
    with pytest.raises(ConfigurationError) as error:
        CrossLingualPairClassifier(Vocabulary.empty(), other, pretrained_file=archive)
    assert f'"{theirs}"' in str(error.value)
    assert f'"{other}"' in str(error.value)
    assert "word_embeddings.weight is (" in str(error.value)


@pytest.mark.parametrize(
    "keys, message",
    [
        ({"pooling": "mean"}, "pooling 'cls', and this model has 'mean'"),
        ({"labels": ["neutral", "entailment", "contradiction"]}, "trained with labels .* Give both stages the same"),
    ],
)
def test_weights_that_fit_and_mean_something_else_are_refused(trained, keys, message):
    with pytest.raises(ConfigurationError, match=f"pretrained_file: .*{message}"):
        CrossLingualPairClassifier(Vocabulary.empty(), trained[0], pretrained_file=trained[0], **keys)


def test_an_archive_that_keeps_no_encoder_says_how_to_make_one_that_does(bert_folder, data, tmp_path):
    params = config(bert_folder, data)
    params.pop("include_in_archive")
    train_model(params, str(tmp_path / "run"))
    with pytest.raises(ConfigurationError, match=r'keeps no encoder .*include_in_archive: \["encoder"\]'):
        load_encoder(str(tmp_path / "run" / "model.tar.gz"))
