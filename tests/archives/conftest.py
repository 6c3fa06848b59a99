"""An archive of this package's, which nobody had to train."""

import json
from pathlib import Path

import pytest
import torch
from allennlp.common import Params
from allennlp.data import DatasetReader, Vocabulary
from allennlp.models import Model, archive_model

import xlamaml_allennlp  # noqa: F401  registers the components

LINE = {"sentence1": "a b", "sentence2": "c", "gold_label": "neutral", "language": "en", "pairID": "1"}


@pytest.fixture(scope="session")
def pairs(tmp_path_factory) -> str:
    """A file of one pair."""
    path = tmp_path_factory.mktemp("pairs") / "xnli.dev.jsonl"
    path.write_text(json.dumps(LINE) + "\n")
    return str(path)


@pytest.fixture(scope="session")
def run(bert_folder, tmp_path_factory) -> Path:
    """A run's folder, with its archive."""
    folder = tmp_path_factory.mktemp("run")
    reader = {"type": "xnli", "model_name": str(bert_folder)}
    model = {"type": "cross_lingual_pair_classifier", "model_name": str(bert_folder)}
    config = {
        "dataset_reader": reader,
        "model": model,
        "data_loader": {"batch_size": 2},
        "include_in_archive": ["encoder"],
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "meta.json").write_text(json.dumps({"version": "2.10.1"}))
    vocab = Vocabulary.empty()
    vocab.save_to_files(str(folder / "vocabulary"))
    DatasetReader.from_params(Params(reader), serialization_dir=str(folder))
    built = Model.from_params(Params(model), vocab=vocab, serialization_dir=str(folder))
    torch.save(built.state_dict(), folder / "best.th")
    archive_model(folder, include_in_archive=["encoder"])
    return folder


@pytest.fixture(scope="session")
def archive(run) -> Path:
    return run / "model.tar.gz"
