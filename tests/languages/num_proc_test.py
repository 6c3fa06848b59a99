"""What is kept, what is said of it and what is wrong with it do not depend on the number of processes that tokenize."""

import json
import logging
import os
from pathlib import Path

import pytest
from allennlp.common.checks import ConfigurationError

from tests.qa.conftest import DELHI, asked, squad
from xlamaml_allennlp.nli import dataset_reader as nli
from xlamaml_allennlp.qa import dataset_reader as qa

HEADER = "language\tgold_label\tsentence1\tsentence2\n"


@pytest.fixture
def read(bert_folder, tmp_path, monkeypatch, caplog):
    """Reads in batches of two, and gives the entry's files, what was said, and which processes tokenized."""
    monkeypatch.setattr(nli, "BATCH", 2)
    monkeypatch.setattr(qa, "BATCH", 2)

    def reading(kind, path, num_proc, **keys):
        caplog.clear()
        caplog.set_level(logging.INFO, "xlamaml_allennlp")
        cache = tmp_path / f"cache-{num_proc}-{len(keys)}"
        instances = list(kind(str(bert_folder), cache=str(cache), num_proc=num_proc, **keys).read(str(path)))
        (entry,) = cache.glob("examples-*[!k]")
        files = {file.name: file.read_bytes() for file in entry.iterdir()}
        said = [r.getMessage() for r in caplog.records if r.name.startswith("xlamaml") and "kept them" not in r.msg]
        return entry.name, files, sorted(said), len(instances)

    return reading


def _pairs(path: Path) -> Path:
    rows = [f"en\tneutral\tA cat {'sleeps ' * n}.\tIt dreams.\n" for n in range(9)]
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def _questions(path: Path) -> Path:
    questions = [asked(f"q{n}", f"Where is Delhi{'?' * n}", "north", DELHI) for n in range(1, 8)]
    path.write_text(json.dumps(squad((DELHI, questions))))
    return path


@pytest.mark.parametrize("task", ["pairs", "questions"])
def test_what_is_kept_is_the_same_byte_by_byte(read, tmp_path, task):
    if task == "pairs":
        kind, path, keys = nli.XnliReader, _pairs(tmp_path / "xnli.dev.tsv"), {}
    else:
        kind, path = qa.MlqaReader, _questions(tmp_path / "dev-en.json")
        keys = {"max_length": 60, "stride": 4, "max_question_length": 40}
    one = read(kind, path, 1, **keys)
    assert one[3] >= 7
    assert read(kind, path, 3, **keys) == one


def _pids(monkeypatch, tmp_path):
    encode = nli.PairsEncoding.__call__

    def noting(self, batch):
        (tmp_path / f"pid-{os.getpid()}").touch()
        return encode(self, batch)

    monkeypatch.setattr(nli.PairsEncoding, "__call__", noting)


def test_processes_tokenize_only_what_is_to_be_kept(bert_folder, read, tmp_path, monkeypatch):
    _pids(monkeypatch, tmp_path)
    path, own = _pairs(tmp_path / "xnli.dev.tsv"), tmp_path / f"pid-{os.getpid()}"
    read(nli.XnliReader, path, 2)
    assert list(tmp_path.glob("pid-*"))
    assert not own.exists()
    list(nli.XnliReader(str(bert_folder), num_proc=2).read(str(path)))
    assert own.exists()


@pytest.mark.parametrize("on_bad_pair", ["error", "skip"])
def test_what_is_wrong_is_told_as_by_one_process(bert_folder, read, tmp_path, on_bad_pair):
    # The tokenizer makes nothing of line 3; line 9 is no pair, and is met while line 3 is still being tokenized.
    path = tmp_path / "xnli.dev.tsv"
    lines = _pairs(path).read_text(encoding="utf-8").splitlines(keepends=True)
    lines[2] = "en\tneutral\t\ue000\tIt dreams.\n"
    lines[8] = "en\tmaybe\tA cat.\tIt dreams.\n"
    path.write_text("".join(lines), encoding="utf-8")
    if on_bad_pair == "skip":
        counts = [read(nli.XnliReader, path, num_proc, on_bad_pair="skip") for num_proc in (1, 3)]
        assert [count for _, _, _, count in counts] == [7, 7]
        assert counts[0][1]["instances.arrow"] == counts[1][1]["instances.arrow"]
        return
    said = []
    for keys in ({}, {"cache": str(tmp_path / "cache")}, {"cache": str(tmp_path / "cache"), "num_proc": 3}):
        with pytest.raises(ConfigurationError, match=r"xnli\.dev\.tsv:3: the tokenizer makes nothing") as error:
            list(nli.XnliReader(str(bert_folder), **keys).read(str(path)))
        said.append(str(error.value))
    assert said[0] == said[1] == said[2]


@pytest.mark.parametrize("num_proc", [0, -1])
@pytest.mark.parametrize("kind", [nli.XnliReader, qa.MlqaReader])
def test_fewer_than_one_is_refused(bert_folder, kind, num_proc):
    with pytest.raises(ConfigurationError, match=f"num_proc: {num_proc} is below 1"):
        kind(str(bert_folder), num_proc=num_proc)
