"""What AllenNLP itself leaves open is closed in whatever process imports it."""

import gzip
import json
import os
import tarfile

import pytest
from allennlp.commands import evaluate, train
from allennlp.common import util
from allennlp.evaluation import evaluator
from allennlp.models import archival, archive_model, load_archive

METRICS = {"accuracy": 0.5, "accuracy/hi": None}


def test_everybody_has_the_functions_that_look_into_archives():
    assert archival.load_archive is load_archive is evaluate.load_archive
    assert archival.archive_model is archive_model
    assert train.archive_model.__wrapped__ is archive_model  # for interrupted runs: resuming/interruption.py
    assert evaluator.dump_metrics is util.dump_metrics


def test_an_archive_is_written_with_checksums_where_it_was_asked_for(tmp_path):
    (tmp_path / "run" / "vocabulary").mkdir(parents=True)
    for name in ("config.json", "other.th"):
        (tmp_path / "run" / name).write_text("{}")
    os.link(tmp_path / "run" / "other.th", tmp_path / "run" / "mine")  # as a checkpoint shares its weights with best.th
    path = archive_model(str(tmp_path / "run"), "other.th", include_in_archive=["mine"], archive_path=str(tmp_path))
    assert path == str(tmp_path / "model.tar.gz")
    with tarfile.open(path) as tar:
        assert tar.getnames() == ["checksums.json", "config.json", "weights.th", "vocabulary", "mine"]
        assert {info.name for info in tar if info.isfile()} == {*tar.getnames()} - {"vocabulary"}
    assert sorted(each.name for each in tmp_path.iterdir()) == ["model.tar.gz", "run"]
    with pytest.raises(RuntimeError, match=r"best\.th' does not exist, unable to archive"):
        archive_model(tmp_path / "run")


def test_an_archive_is_written_without_compression(tmp_path, monkeypatch):
    levels, stock = [], gzip.GzipFile

    def recorded(name, mode, level, *more):
        levels.append((mode, level))
        return stock(name, mode, level, *more)

    monkeypatch.setattr(gzip, "GzipFile", recorded)
    archival.tarfile.open(tmp_path / "any.tar.gz", "w:gz").close()
    assert levels == [("wb", 0)]


def test_metrics_are_written_in_one_piece(tmp_path, monkeypatch):
    path = tmp_path / "metrics.json"
    util.dump_metrics(str(path), METRICS)
    assert json.loads(path.read_text()) == METRICS
    assert [each.name for each in tmp_path.iterdir()] == ["metrics.json"]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        util.dump_metrics(str(path), {"accuracy": 1.0})
    assert json.loads(path.read_text()) == METRICS
    assert [each.name for each in tmp_path.iterdir()] == ["metrics.json"]


def test_metrics_go_to_a_pipe_and_through_a_link_as_before(tmp_path):
    reading, writing = os.pipe()
    util.dump_metrics(f"/dev/fd/{writing}", METRICS)
    os.close(writing)
    with open(reading, encoding="utf-8") as pipe:
        assert json.load(pipe) == METRICS
    (tmp_path / "target").touch()
    (tmp_path / "link").symlink_to(tmp_path / "target")
    util.dump_metrics(str(tmp_path / "link"), METRICS)
    assert json.loads((tmp_path / "target").read_text()) == METRICS
    assert (tmp_path / "link").is_symlink()
    util.dump_metrics(None, METRICS)
