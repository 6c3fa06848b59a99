"""`allennlp predict` on files of any size and packing, and on those that end badly."""

import bz2
import gzip
import json
import lzma
import os
from pathlib import Path

import pytest
import torch
from allennlp.commands import predict
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary

from xlamaml_allennlp.encoders import predict_command
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier
from xlamaml_allennlp.nli.predictor import CrossLingualPairPredictor


def lines(count: int) -> str:
    return "".join(json.dumps({"premise": "a man", "hypothesis": "he", "id": str(n)}) + "\n" for n in range(count))


@pytest.fixture(scope="module")
def predictor(bert_folder):
    torch.manual_seed(0)
    model = CrossLingualPairClassifier(Vocabulary.empty(), str(bert_folder))
    # A damaged file is no line that could be skipped.
    return CrossLingualPairPredictor(model, XnliReader(str(bert_folder)), on_bad_line="skip")


@pytest.fixture
def ids(predictor, tmp_path, capfd):
    """Predicts as the command does; returns the ids of the lines that were written."""

    def written(path: Path, batch_size: int = 8, error: str | None = None) -> list[str]:
        out = tmp_path / "out.jsonl"
        manager = predict._PredictManager(predictor, str(path), str(out), batch_size, False, False)
        if error is None:
            manager.run()
        else:
            with pytest.raises(ConfigurationError, match=error):
                manager.run()
        return [json.loads(line)["id"] for line in out.read_text(encoding="utf-8").splitlines()]

    return written


def first(count: int) -> list[str]:
    return [str(n) for n in range(count)]


@pytest.mark.parametrize(("ending", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)])
def test_packed_lines_are_read_to_where_they_are_cut_off(ids, tmp_path, ending, pack):
    path = tmp_path / f"lines.jsonl.{ending}"
    path.write_bytes(pack(lines(20).encode()))
    assert ids(path) == first(20)
    kind = {"gz": "gzip"}.get(ending, ending.replace("bz2", "bzip2"))
    # Less than the whole of it, and of small files often nothing at all.
    path.write_bytes(path.read_bytes()[:-5])
    found = ids(path, error=rf"lines\.jsonl\.{ending}:?\d*: a broken {kind} file, readable up to here")
    assert found == first(len(found))


def test_lines_before_a_file_turns_out_to_be_broken_are_predicted_first(ids, tmp_path):
    packed = gzip.compress(lines(2000).encode())
    path = tmp_path / "lines.jsonl.gz"
    path.write_bytes(packed[:-100])
    found = ids(path, 500, r"lines\.jsonl\.gz:\d+: a broken gzip file")
    assert found == first(len(found))
    assert len(found) > 1000


def test_lines_before_any_error_of_reading_are_predicted_first(ids, tmp_path, monkeypatch):
    # The third line is longer than any line of texts.
    monkeypatch.setattr(predict_command, "LONGEST", 100)
    path = tmp_path / "lines.jsonl"
    path.write_text(lines(2) + '{"premise": "' + "a" * 100 + "\n" + lines(1))
    assert ids(path, 8, r"lines\.jsonl:3: a line of more than 100 characters") == first(2)


def test_a_line_of_just_the_most_characters_is_one(ids, tmp_path, monkeypatch):
    monkeypatch.setattr(predict_command, "LONGEST", len(lines(1)))
    (tmp_path / "lines.jsonl").write_text(lines(3))
    assert ids(tmp_path / "lines.jsonl") == first(3)


def test_no_limit_of_a_reader_is_one_of_predicting(ids, tmp_path, monkeypatch):
    # Larger than readers take by 100 MB of zeros, which take no room on the disk and are a line that is too long.
    monkeypatch.setattr(predict_command, "LONGEST", 1000)
    path = tmp_path / "lines.jsonl"
    path.write_text(lines(2))
    os.truncate(path, 1_100_000_000)
    assert ids(path, 8, r"lines\.jsonl:3: a line of more than 1000 characters") == first(2)


@pytest.mark.parametrize("name", ["lines.jsonl", "./lines.jsonl", "link.jsonl"])
def test_the_file_to_predict_for_is_never_overwritten(predictor, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    Path("lines.jsonl").write_text(lines(2))
    Path("link.jsonl").symlink_to("lines.jsonl")
    for given in ("lines.jsonl", json.dumps({"en": "lines.jsonl"})):
        with pytest.raises(ConfigurationError, match="is what to predict for, and would be lost"):
            predict._PredictManager(predictor, given, name, 8, False, False)
    assert Path("lines.jsonl").read_text() == lines(2)
