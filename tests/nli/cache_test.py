"""Pairs that were kept are those that were read, whatever the format; and what is wrong stays wrong."""

import gzip
import inspect
import json
import logging
import zipfile

import datasets
import pytest
from allennlp.common.checks import ConfigurationError

from tests.languages.same_examples import everything
from tests.nli.conftest import PAIRS
from xlamaml_allennlp.languages.cached_examples import CachedExamples
from xlamaml_allennlp.languages.examples import InMemoryExamples
from xlamaml_allennlp.nli.dataset_reader import XnliReader

ROWS = [
    {"premise": "The cat sleeps.", "hypothesis": "The cat dreams.", "label": 1, "language": "en"},
    {"premise": "The cat sleeps.", "hypothesis": "The cat runs.", "label": 2, "language": "en"},
    {"premise": "बिल्ली सोती है।", "hypothesis": "बिल्ली दौड़ती है।", "label": 2, "language": "hi"},
]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS)


def _zipped(path) -> str:
    with zipfile.ZipFile(path / "pairs.zip", "w") as archive:
        archive.writestr("in/xnli.dev.tsv", PAIRS)
    return str(path / "pairs.zip!in/xnli.dev.tsv")


def _dataset(path) -> str:
    datasets.Dataset.from_list(ROWS).save_to_disk(str(path / "saved"))
    return str(path / "saved")


def _written(name, content):
    def write(path) -> str:
        (path / name).write_bytes(content)
        return str(path / name)

    return write


FORMATS = {
    "XNLI's tsv": _written("xnli.dev.tsv", PAIRS.encode()),
    "gzip": _written("xnli.dev.tsv.gz", gzip.compress(PAIRS.encode())),
    "zip": _zipped,
    "json lines": _written("pairs.jsonl", LINES.encode()),
    "without a header": _written("dev-hi.tsv", b"A cat.\tA dog.\tneutral\nA cat.\tAn animal.\tentailment\n"),
    "without labels": _written("test-hi.tsv", b"A cat.\tA dog.\nA dog.\tAn animal.\n"),
    "csv": _written("dev.csv", b'premise,hypothesis,label,language\n"A cat, red.",A dog.,neutral,en\n'),
    "datasets": _dataset,
}


@pytest.fixture
def reader(request, tmp_path):
    def built(encoder="bert_folder", **keys) -> XnliReader:
        folder = request.getfixturevalue(encoder)
        return XnliReader(str(folder), **{"max_length": 32, "cache": str(tmp_path / "cache"), **keys})

    return built


@pytest.mark.parametrize("encoder", ["bert_folder", "xlmr_folder"])
@pytest.mark.parametrize("format", FORMATS)
def test_what_is_kept_is_what_was_read(reader, encoder, format, tmp_path, caplog):
    caplog.set_level(logging.INFO, "xlamaml_allennlp")
    path = FORMATS[format](tmp_path)
    expected = everything(reader(encoder, cache=None).examples(path))
    for said in ("kept them in", "Reused"):
        caplog.clear()
        found = reader(encoder).examples(path)
        assert isinstance(found, CachedExamples)
        assert everything(found) == expected
        assert sum(said in record.getMessage() for record in caplog.records) == 1
        # What was skipped is said each time.
        assert sum("without a gold label" in record.getMessage() for record in caplog.records) == 1


def test_another_setting_is_another_entry(reader, pairs, tmp_path):
    keys = set(inspect.signature(XnliReader.__init__).parameters) - {"self", "cache", "num_proc", "serialization_dir"}
    changes = {
        "max_length": 9,
        "labels": ["neutral", "entailment", "contradiction"],
        "label_aliases": {"other": "neutral"},
        "on_bad_pair": "skip",
        "max_file_megabytes": 7,
        "max_instances": 2,
    }
    assert keys == {"model_name", *changes}
    reader().examples(pairs)
    readings = [{key: value} for key, value in changes.items()] + [{"encoder": "xlmr_folder"}]
    for count, settings in enumerate(readings, start=2):
        made, plain = reader(**settings).examples(pairs), reader(**settings, cache=None).examples(pairs)
        assert everything(made) == everything(plain)
        assert len(list((tmp_path / "cache").glob("examples-*[!k]"))) == count, settings


def test_a_file_that_changes_is_read_anew_and_one_that_changes_back_is_not(reader, pairs, write, tmp_path):
    first = everything(reader().examples(pairs))
    write("xnli.dev.tsv", PAIRS.replace("The cat dreams.", "The cat dreamt."))
    assert everything(reader().examples(pairs)) != first
    write("xnli.dev.tsv", PAIRS)
    assert everything(reader().examples(pairs)) == first
    assert len(list((tmp_path / "cache").glob("examples-*[!k]"))) == 2


def test_a_file_that_changes_while_it_is_read_is_not_kept(reader, pairs, write, tmp_path, monkeypatch):
    tagged = XnliReader.tagged

    def changing(self, *arguments):
        yield from tagged(self, *arguments)
        write("xnli.dev.tsv", PAIRS.replace("The cat dreams.", "The cat dreamt."))

    with monkeypatch.context() as patch:
        patch.setattr(XnliReader, "tagged", changing)
        assert isinstance(reader().examples(pairs), InMemoryExamples)
    assert not list((tmp_path / "cache").glob("examples-*[!k]"))


@pytest.mark.parametrize(
    "name, content",
    [
        ("bad.tsv", PAIRS.replace("neutral", "maybe")),
        ("cut.tsv", PAIRS + "hi\tneutral\n"),
        ("odd.jsonl", LINES + "{\n"),
        ("empty.tsv", ""),
    ],
)
def test_an_error_is_the_same_each_time(reader, write, name, content, tmp_path):
    path, said = write(name, content), []
    for cache in (None, str(tmp_path / "cache"), str(tmp_path / "cache")):
        with pytest.raises(ConfigurationError) as error:
            reader(cache=cache).examples(path)
        said.append(str(error.value))
    assert said[0] == said[1] == said[2]
    assert not list((tmp_path / "cache").glob("examples-*[!k]"))


def test_files_of_two_languages_are_one_entry(reader, write):
    paths = {"en": write("a.tsv", "A cat.\tA dog.\tneutral\n"), "hi": write("b.tsv", "लाल\tछत\tneutral\n")}
    expected = everything(reader(cache=None).examples(paths))
    assert [tag.language for tag, _ in expected] == ["en", "hi"]
    for _ in range(2):
        assert everything(reader().examples(paths)) == expected
