"""Which version wrote an archive, and what is said when it is loaded."""

import json
import logging
import tarfile

import pytest
from allennlp.commands.train import train_model
from allennlp.common import Params
from allennlp.models.archival import load_archive

import xlamaml_allennlp
from xlamaml_allennlp import version


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("0.1.0.dev0", "0.1.0"),
        ("0.1.0.dev0", "0.1.0.dev1"),
        ("0.9.0", "0.10.0"),
        ("1.0.0", "1.0.1.dev0"),
        ("1.0.0rc1", "1.0.0"),
        ("1.0", "1.0.0.post1"),
    ],
)
def test_versions_are_ordered_as_releases_are(tmp_path, monkeypatch, caplog, older, newer):
    def said(ours: str, theirs: str) -> list[str]:
        caplog.clear()
        monkeypatch.setattr(version, "VERSION", theirs)
        version.write_version(tmp_path)
        monkeypatch.setattr(version, "VERSION", ours)
        version.log_version_in(tmp_path)
        return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]

    (warning,) = said(older, newer)
    assert f"written by xlamaml_allennlp {newer}, which is newer than the {older} that loads it" in warning
    assert said(newer, older) == said(newer, newer) == []


def test_one_release_written_in_two_ways_is_not_newer_than_itself():
    assert version._order("1.0") == version._order("1.0.0") == version._order("1.0.0+local")


@pytest.fixture
def archive(tmp_path, bert_folder):
    rows = ["language\tgold_label\tsentence1\tsentence2", "en\tneutral\ta b\tc", "en\tentailment\td\te"]
    (tmp_path / "pairs.tsv").write_text("\n".join(rows) + "\n")
    params = {
        "dataset_reader": {"type": "xnli", "model_name": str(bert_folder)},
        "train_data_path": str(tmp_path / "pairs.tsv"),
        "vocabulary": {"type": "empty"},
        "model": {"type": "cross_lingual_pair_classifier", "model_name": str(bert_folder)},
        "data_loader": {"batch_size": 2},
        "trainer": {"num_epochs": 1, "optimizer": "adam"},
        "include_in_archive": ["encoder"],
    }
    train_model(Params(params), str(tmp_path / "run"))
    return tmp_path / "run" / "model.tar.gz"


def test_an_archive_says_which_version_wrote_it(archive, caplog, monkeypatch):
    with tarfile.open(archive) as tar:
        written = json.load(tar.extractfile("encoder/xlamaml_allennlp.json"))
    assert written == {"version": xlamaml_allennlp.__version__}
    monkeypatch.setattr(version, "VERSION", "0.0.1")
    caplog.clear()
    load_archive(archive)
    (warning,) = [record.getMessage() for record in caplog.records if record.name == version.__name__]
    assert f"written by xlamaml_allennlp {xlamaml_allennlp.__version__}, which is newer than the 0.0.1" in warning


def test_loading_a_runs_folder_does_not_change_who_wrote_it(archive, monkeypatch):
    monkeypatch.setattr(version, "VERSION", "9.9.9")
    load_archive(archive.parent)
    assert version.version_in(archive.parent) == xlamaml_allennlp.__version__


def test_an_archive_from_before_versions_were_noted_is_loaded_without_a_word(archive, caplog):
    (archive.parent / version.FILE).unlink()
    caplog.clear()
    load_archive(archive.parent)
    assert [record for record in caplog.records if record.name == version.__name__] == []
