"""A run's readers and its model have one tokenizer, or ids of the one would mean something else to the other."""

import shutil

import pytest
from allennlp.commands.train import train_model
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary

from xlamaml_allennlp.encoders.folder import kept_folder
from xlamaml_allennlp.encoders.pretrained_model import PretrainedModel
from xlamaml_allennlp.encoders.tokenizer import load_tokenizer


@pytest.fixture
def run(tmp_path) -> str:
    folder = tmp_path / "run"
    folder.mkdir()
    return str(folder)


def model(folder, run) -> PretrainedModel:
    return PretrainedModel(Vocabulary.empty(), str(folder), serialization_dir=run)


def test_a_model_of_another_encoder_than_one_of_the_readers_is_refused(bert_folder, xlmr_folder, run):
    load_tokenizer(str(bert_folder), run)  # the training reader's
    model(bert_folder, run)
    load_tokenizer(str(xlmr_folder), run)  # the validation reader's
    for folder in (bert_folder, xlmr_folder):
        with pytest.raises(
            ConfigurationError, match=r"model_name: the model has .*tiny.* all readers the same model_name"
        ):
            model(folder, run)


def test_two_names_of_one_encoder_are_fine(bert_folder, run, tmp_path):
    copy = shutil.copytree(bert_folder, tmp_path / "copy")
    load_tokenizer(str(copy), run)
    model(bert_folder, run)


def test_an_archive_of_two_names_loads_where_the_models_own_is_gone(bert_folder, run, tmp_path):
    copy = shutil.copytree(bert_folder, tmp_path / "copy")
    load_tokenizer(str(bert_folder), run)
    model(copy, run)
    shutil.rmtree(copy)
    PretrainedModel(Vocabulary.empty(), str(copy), serialization_dir=run, load_weights=False)


def test_pieces_that_are_the_same_but_cut_otherwise_are_not_the_same_tokenizer(bert_folder, run, tmp_path):
    copy = shutil.copytree(bert_folder, tmp_path / "copy")
    file = copy / "tokenizer.json"
    file.write_text(file.read_text().replace('"lowercase": false', '"lowercase": true'))
    load_tokenizer(str(copy), run)
    with pytest.raises(ConfigurationError, match="the tokenizer of another encoder"):
        model(bert_folder, run)


@pytest.mark.parametrize("task", ["xnli", "mlqa"])
def test_training_with_two_encoders_ends_before_it_begins(task, bert_folder, xlmr_folder, tmp_path):
    data = tmp_path / "xnli.jsonl"
    data.write_text("no reader gets to read this")
    name = {"xnli": "cross_lingual_pair_classifier", "mlqa": "cross_lingual_span_qa"}[task]
    params = {
        "dataset_reader": {"type": task, "model_name": str(bert_folder)},
        "train_data_path": str(data),
        "vocabulary": {"type": "empty"},
        "model": {"type": name, "model_name": str(xlmr_folder)},
        "data_loader": {"batch_size": 2},
        "trainer": {"num_epochs": 1, "cuda_device": -1},
    }
    with pytest.raises(ConfigurationError, match=r"the model has .*tiny-xlmr.* dataset reader .*tiny-bert"):
        train_model(Params(params), str(tmp_path / "run"))
    assert not kept_folder(str(xlmr_folder), str(tmp_path / "run")).exists()
