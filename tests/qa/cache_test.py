"""Windows that were kept are those that were read, whatever the format; and what is wrong stays wrong."""

import inspect
import json

import datasets
import pytest
from allennlp.common.checks import ConfigurationError

from tests.languages.same_examples import everything
from tests.qa.conftest import DELHI, ENGLISH, GANGES, HINDI, asked, squad
from xlamaml_allennlp.languages.cached_examples import CachedExamples
from xlamaml_allennlp.qa.dataset_reader import MlqaReader

UNLABELLED = squad((DELHI, [{"id": "u", "question": "Where?"}]))
TYDI = squad((DELHI, [asked("english-12-3", "Where is Delhi?", "north", DELHI)]))
ODD = squad((DELHI, [asked("half \ud800", "Where is Delhi?", "north", DELHI)]))


def _json(name, content):
    def write(path) -> str:
        (path / name).write_text(json.dumps(content))
        return str(path / name)

    return write


def _dataset(path) -> str:
    answers = {"text": ["north"], "answer_start": [DELHI.index("north")]}
    row = {"id": "1", "question": "Where is Delhi?", "context": DELHI, "language": "en", "answers": answers}
    datasets.Dataset.from_list([row]).save_to_disk(str(path / "saved"))
    return str(path / "saved")


FORMATS = {
    "squad": _json("dev-en.json", ENGLISH),
    "mlqa, languages crossed": _json("dev-context-hi-question-de.json", HINDI),
    "without answers": _json("test-en.json", UNLABELLED),
    "tydi": _json("tydi.json", TYDI),
    "an id that is no UTF-8": _json("odd-en.json", ODD),
    "datasets": _dataset,
}


@pytest.fixture
def reader(request, tmp_path):
    def built(encoder="bert_folder", **keys) -> MlqaReader:
        sizes = {"max_length": 60, "stride": 4, "max_question_length": 40}
        return MlqaReader(str(request.getfixturevalue(encoder)), **{**sizes, "cache": str(tmp_path / "cache"), **keys})

    return built


@pytest.mark.parametrize("encoder", ["bert_folder", "xlmr_folder"])
@pytest.mark.parametrize("format", FORMATS)
def test_what_is_kept_is_what_was_read(reader, encoder, format, tmp_path):
    path = FORMATS[format](tmp_path)
    expected = everything(reader(encoder, cache=None).examples(path))
    assert max(len(windows) for _, windows in expected) > 1
    for _ in range(2):
        found = reader(encoder).examples(path)
        assert isinstance(found, CachedExamples)
        assert everything(found) == expected


def test_another_setting_is_another_entry(reader, tmp_path):
    path = FORMATS["squad"](tmp_path)
    changes = {
        "max_length": 61,
        "stride": 5,
        "max_question_length": 39,
        "windows": "answer",
        "on_bad_question": "skip",
        "question_ids": "position",
        "max_file_megabytes": 7,
        "max_instances": 2,
    }
    keys = set(inspect.signature(MlqaReader.__init__).parameters) - {"self", "cache", "num_proc", "serialization_dir"}
    assert keys == {"model_name", *changes}
    reader().examples(path)
    for count, (key, value) in enumerate(changes.items(), start=2):
        made, plain = reader(**{key: value}).examples(path), reader(**{key: value}, cache=None).examples(path)
        assert everything(made) == everything(plain)
        assert len(list((tmp_path / "cache").glob("examples-*[!k]"))) == count, key


def test_an_error_is_the_same_each_time(reader, tmp_path):
    bad = squad((GANGES, [{"id": "1", "question": "?", "answers": [{"text": "Delhi", "answer_start": 0}]}]))
    path, said = _json("dev-hi.json", bad)(tmp_path), []
    for cache in (None, str(tmp_path / "cache"), str(tmp_path / "cache")):
        with pytest.raises(ConfigurationError) as error:
            reader(cache=cache).examples(path)
        said.append(str(error.value))
    assert said[0] == said[1] == said[2]
