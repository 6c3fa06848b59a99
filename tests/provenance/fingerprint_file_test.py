import gzip
import hashlib
import os
import zipfile

import pytest

from xlamaml_allennlp.provenance.fingerprint_file import namespace_of, sha256_of, split_of

CONTENT = b"a\tb\n" * 1000


@pytest.mark.parametrize(
    ("path", "split"),
    [
        ("XNLI-1.0/xnli.dev.tsv", "dev"),
        ("https://host/XNLI-1.0.zip!XNLI-1.0/xnli.test.tsv", "test"),
        ("https://host/test-hi.tsv?download=1", "test"),
        ("multinli_1.0_dev_matched.jsonl", "dev"),
        ("multinli.train.ur.tsv", "train"),
        ("MLQA_V1/dev/dev-context-hi-question-hi.json", "dev"),
        ("datasets:xnli?config=hi&split=validation", "dev"),
        ("datasets:xnli?config=hi&split=train[:100]", "train"),
        ("dev/pairs.tsv", None),  # a folder is named by whoever keeps it
        ("train-test.tsv", None),
        ("latest.tsv", None),
    ],
)
def test_a_split_is_told_by_the_name_of_the_file(path, split):
    assert split_of(path) == split


@pytest.mark.parametrize(
    ("path", "kind", "namespace"),
    [
        ("data/xnli.dev.tsv", "pair", "xnli/dev"),
        ("data/xnli.dev.hi.tsv", "pair", "xnli/dev"),
        ("multinli_1.0_train.jsonl", "pair", "mnli/train"),
        ("dev-hi.tsv", "pair", "file/5f"),
        ("xnli.tsv", "pair", "file/5f"),
        ("xnli.dev.json", "question", None),
    ],
)
def test_ids_mean_something_within_a_known_split_or_else_within_their_file(path, kind, namespace):
    assert namespace_of(path, kind, "5f") == namespace


def test_ids_of_a_file_that_nothing_is_known_of_mean_nothing():
    assert namespace_of("dev-hi.tsv", "pair", None) is None


def test_a_file_is_known_by_what_it_holds_however_it_is_packed(tmp_path):
    plain, packed, archive = tmp_path / "a.tsv", tmp_path / "a.tsv.gz", tmp_path / "a.zip"
    plain.write_bytes(CONTENT)
    packed.write_bytes(gzip.compress(CONTENT))
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("in/a.tsv", CONTENT)
    expected = hashlib.sha256(CONTENT).hexdigest()
    assert [sha256_of(str(path)) for path in (plain, packed, f"{archive}!in/a.tsv")] == [expected] * 3


def test_what_cannot_be_read_twice_is_not_read_again(tmp_path):
    os.mkfifo(tmp_path / "pipe.tsv")
    assert sha256_of(str(tmp_path / "pipe.tsv")) is None
    assert sha256_of("datasets:xnli?config=hi&split=validation") is None


def test_a_file_that_is_gone_is_named_in_the_log(tmp_path, caplog):
    assert sha256_of(str(tmp_path / "gone.tsv")) is None
    assert "gone.tsv: no SHA-256" in caplog.text
