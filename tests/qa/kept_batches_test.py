"""Stages 1 and 3b and evaluations get the same batches of windows with a cache and without, whatever the format."""

import json

import datasets
import pytest
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary
from allennlp.models import Model

from tests.languages.same_batches import LOADERS, batched, check_batches, check_evaluation
from tests.qa.cache_test import FORMATS
from tests.qa.conftest import DELHI, GANGES, squad
from xlamaml_allennlp.qa.dataset_reader import MlqaReader


@pytest.fixture
def build(bert_folder):
    sizes = {"max_length": 60, "stride": 4, "max_question_length": 40}
    return lambda cache, **keys: MlqaReader(str(bert_folder), cache=cache, **sizes, **keys)


@pytest.mark.parametrize("format", FORMATS)
def test_batches_are_the_same(build, tmp_path, format):
    check_batches(build, FORMATS[format](tmp_path), tmp_path / "cache", LOADERS["shuffled"])


@pytest.mark.parametrize("loader", LOADERS)
def test_they_are_however_batches_are_made(build, tmp_path, loader):
    check_batches(build, FORMATS["squad"](tmp_path), tmp_path / "cache", LOADERS[loader])


def test_batches_of_windows_with_answers_are_the_same(build, tmp_path):
    path = FORMATS["squad"](tmp_path)
    check_batches(lambda cache: build(cache, windows="answer"), path, tmp_path / "cache", LOADERS["shuffled"])


def test_an_evaluation_ends_with_the_same(build, bert_folder, tmp_path, capsys):
    keys = Params({"type": "cross_lingual_span_qa", "model_name": str(bert_folder)})
    model = Model.from_params(keys, vocab=Vocabulary.empty())
    check_evaluation(model, build, FORMATS["squad"](tmp_path), tmp_path, capsys)


def test_one_question_in_two_languages_is_read_as_without(build, tmp_path, caplog):
    # To whoever draws episodes these are two examples of one id; a stage reads them.
    rows = [
        {"id": "1", "question": q, "question_language": of, "context": DELHI, "language": "en", "answers": answers}
        for of, q in (("en", "Where is Delhi?"), ("de", "Wo ist Delhi?"))
        for answers in [{"text": ["north"], "answer_start": [DELHI.index("north")]}]
    ]
    datasets.Dataset.from_list(rows).save_to_disk(str(tmp_path / "saved"))
    path = str(tmp_path / "saved")
    expected = batched(build(None), path, LOADERS["shuffled"])
    assert {fields["metadata"][1]["question_language"] for fields in expected[0]} == {"en", "de"}
    assert batched(build(str(tmp_path / "cache")), path, LOADERS["shuffled"]) == expected
    assert sum("They are read as without" in record.getMessage() for record in caplog.records) == 1
    said = []
    for cache in (None, str(tmp_path / "cache")):
        with pytest.raises(ConfigurationError, match="have the id") as error:
            build(cache).examples(path)
        said.append(str(error.value))
    assert said[0] == said[1]


def test_errors_are_the_same(build, tmp_path):
    bad = squad((GANGES, [{"id": "1", "question": "?", "answers": [{"text": "Delhi", "answer_start": 0}]}]))
    (tmp_path / "dev-hi.json").write_text(json.dumps(bad))
    said = []
    for cache in (None, str(tmp_path / "cache"), str(tmp_path / "cache")):
        with pytest.raises(ConfigurationError, match=r"dev-hi\.json") as error:
            batched(build(cache), str(tmp_path / "dev-hi.json"), LOADERS["shuffled"])
        said.append(str(error.value))
    assert said[0] == said[1] == said[2]
