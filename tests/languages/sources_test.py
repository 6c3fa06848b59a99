from pathlib import Path

import pytest
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.languages.sources import Source, language_from_file_name, sources

MAPPING = {"en": "both.tsv", "hi": "both.tsv", "de": "de.tsv"}


@pytest.mark.parametrize("path", ["dev.tsv", Path("dev.tsv")])
def test_a_path_is_one_source_of_whatever_languages_it_has(path):
    assert sources(path) == [Source("dev.tsv", None)]
    assert sources(path)[0].wants("hi")


@pytest.mark.parametrize(
    "data_path", [MAPPING, Params(dict(MAPPING)), '{"en":"both.tsv","hi":"both.tsv","de":"de.tsv"}']
)
def test_a_shared_file_of_a_mapping_is_one_source_with_all_its_languages(data_path):
    both, german = sources(data_path)
    assert both == Source("both.tsv", frozenset({"en", "hi"}))
    assert german == Source("de.tsv", frozenset({"de"}))
    assert both.wants("hi")
    assert not both.wants("de")


@pytest.mark.parametrize(
    "data_path, seen",
    [({}, "empty mapping"), ({"hi": 3}, '"hi" is 3'), ({"hi": ""}, "''"), ('{"hi": ', "not: "), (7, "7")],
)
def test_a_data_path_that_is_none_says_what_was_seen(data_path, seen):
    with pytest.raises(ConfigurationError, match=seen):
        sources(data_path)


def test_the_row_tells_the_language_before_the_mapping_and_the_mapping_before_the_name():
    assert Source("dev-de.tsv", frozenset({"hi"})).language("en") == "en"
    assert Source("dev-de.tsv", frozenset({"hi"})).language() == "hi"
    assert Source("dev-de.tsv").language() == "de"
    assert Source("dev-de.tsv", frozenset({"hi", "en"})).language("") == "de"


def test_where_nothing_tells_the_language_the_error_names_the_file_and_the_mapping_to_give():
    with pytest.raises(ConfigurationError, match=r'data/xnli.dev.tsv: .*\{"hi": "data/xnli.dev.tsv"\}'):
        Source("data/xnli.dev.tsv").language()


@pytest.mark.parametrize(
    "path, language",
    [
        ("dev-hi.tsv", "hi"),
        ("data/xquad.hi.json", "hi"),
        ("multinli.train.ur.tsv", "ur"),
        ("test-context-hi-question-de.json", "hi"),
        ("dev-context-zh-question-zh.json", "zh"),
        ("tydiqa.goldp.en.train.json", "en"),
        ("tydiqa.goldp.id.train.json", "id"),
        ("sw.jsonl", "sw"),
        ("hi_dev.tsv.gz", "hi"),
        ("XNLI.zip!XNLI/dev-th.tsv", "th"),
        ("https://example.org/en/dev-vi.tsv?download=1", "vi"),
        ("it-is-hi.tsv", "hi"),
    ],
)
def test_a_file_name_tells_its_language(path, language):
    assert language_from_file_name(path) == language


@pytest.mark.parametrize(
    "path",
    [
        "xnli.dev.tsv",
        "xnli.test.tsv",
        "XNLI-1.0/xnli.dev.jsonl",
        "multinli_1.0_train.jsonl",
        "multinli_1.0_dev_matched.jsonl",
        "multinli_1.0_subset.jsonl",
        "train-v1.1.json",
        "dev-v2.0.json",
        "my-dev.tsv",
        "id-test.tsv",
        "de/dev.tsv",
        "dev.en-hi.tsv",
        "dev-context-xx-question-de.json",
        "high.tsv",
        "en-to-nowhere.tsv",
        ".tsv",
        "",
    ],
)
def test_other_file_names_tell_none(path):
    assert language_from_file_name(path) is None
