"""Stages 1 and 3b and evaluations get the same batches of pairs whether they are kept or read, whatever the format."""

import json

import pytest
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary
from allennlp.models import Model

from tests.languages.same_batches import LOADERS, batched, check_batches, check_evaluation
from tests.nli.cache_test import FORMATS, LINES
from tests.nli.conftest import PAIRS
from xlamaml_allennlp.nli.dataset_reader import XnliReader

# MNLI's own lines, one of them without a gold label.
MNLI = [
    {"gold_label": label, "sentence1": "A cat.", "sentence2": f"A {word}.", "pairID": f"{word}n", "promptID": "1"}
    for word, label in (("dog", "neutral"), ("lion", "-"), ("pet", "entailment"), ("tame old pet", "entailment"))
]


def _mnli(path) -> dict[str, str]:
    (path / "multinli_1.0_dev.jsonl").write_text("".join(json.dumps(row) + "\n" for row in MNLI))
    return {"en": str(path / "multinli_1.0_dev.jsonl")}


def _mapping(path) -> dict[str, str]:
    return dict.fromkeys(("hi", "en"), FORMATS["XNLI's tsv"](path))


@pytest.fixture
def build(bert_folder):
    return lambda cache: XnliReader(str(bert_folder), max_length=32, cache=cache)


@pytest.mark.parametrize("format", [*FORMATS, "MNLI", "languages"])
def test_batches_are_the_same(build, tmp_path, format):
    path = {**FORMATS, "MNLI": _mnli, "languages": _mapping}[format](tmp_path)
    check_batches(build, path, tmp_path / "cache", LOADERS["shuffled"])


@pytest.mark.parametrize("loader", LOADERS)
def test_they_are_however_batches_are_made(build, pairs, tmp_path, loader):
    check_batches(build, pairs, tmp_path / "cache", LOADERS[loader])


def test_an_evaluation_ends_with_the_same(build, bert_folder, pairs, tmp_path, capsys):
    keys = Params({"type": "cross_lingual_pair_classifier", "model_name": str(bert_folder)})
    check_evaluation(Model.from_params(keys, vocab=Vocabulary.empty()), build, pairs, tmp_path, capsys)


@pytest.mark.parametrize("content", [PAIRS.replace("neutral", "maybe"), PAIRS + "hi\tneutral\n", LINES + "{\n", ""])
def test_errors_are_the_same(build, tmp_path, content):
    (tmp_path / "odd.jsonl" if content.startswith("{") else tmp_path / "bad.tsv").write_text(content)
    (path,), said = list(tmp_path.glob("*.*")), []
    for cache in (None, str(tmp_path / "cache"), str(tmp_path / "cache")):
        with pytest.raises(ConfigurationError) as error:
            batched(build(cache), str(path), LOADERS["shuffled"])
        said.append(str(error.value))
    assert said[0] == said[1] == said[2]
    assert path.name in said[0]
