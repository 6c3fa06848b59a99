from pathlib import Path

import pytest
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.languages.sources import Source, list_sources

MAPPING = {"en": "both.tsv", "hi": "both.tsv", "de": "de.tsv"}


@pytest.mark.parametrize("path", ["dev.tsv", Path("dev.tsv")])
def test_a_path_is_one_source_of_whatever_languages_it_has(path):
    assert list_sources(path) == [Source("dev.tsv", None)]
    assert list_sources(path)[0].wants("hi")


@pytest.mark.parametrize(
    "data_path", [MAPPING, Params(dict(MAPPING)), '{"en":"both.tsv","hi":"both.tsv","de":"de.tsv"}']
)
def test_a_shared_file_of_a_mapping_is_one_source_with_all_its_languages(data_path):
    both, german = list_sources(data_path)
    assert both == Source("both.tsv", frozenset({"en", "hi"}))
    assert german == Source("de.tsv", frozenset({"de"}))
    assert both.wants("hi")
    assert not both.wants("de")


@pytest.mark.parametrize(
    "data_path, seen",
    [
        ('{"a":' * 2000, "brackets within brackets"),
        (f'{{"hi": {"9" * 5000}}}', "a whole number of thousands of digits"),
        ('{"hi": "a.tsv", "hi": "b.tsv"}', 'the key "hi" is there twice'),
        ({1: "a.tsv"}, "1 as a language"),
        ({"": "a.tsv"}, '"" as a language'),
        ({"hi": {"a": []}}, '"hi" is an object'),
        ({}, "empty mapping"),
        ({"hi": 3}, '"hi" is 3'),
        ({"hi": ""}, '"hi" is ""'),
        ({"hi": " "}, '"hi" is " "'),
        ("", 'The data path is ""'),
        (" ", 'The data path is " "'),
        ('{"hi": ', "not: "),
        (7, "7"),
    ],
)
def test_a_data_path_that_is_none_says_what_was_seen(data_path, seen):
    with pytest.raises(ConfigurationError, match=seen):
        list_sources(data_path)


def test_the_row_tells_the_language_before_the_mapping_and_the_mapping_before_the_name():
    assert Source("dev-de.tsv", frozenset({"hi"})).language("en") == "en"
    assert Source("dev-de.tsv", frozenset({"hi"})).language() == "hi"
    assert Source("dev-de.tsv").language() == "de"
    assert Source("dev-de.tsv", frozenset({"hi", "en"})).language("") == "de"


def test_where_nothing_tells_the_language_the_error_names_the_file_and_the_mapping_to_give():
    with pytest.raises(ConfigurationError, match=r'data/xnli.dev.tsv: .*\{"CODE": "data/xnli.dev.tsv"\}'):
        Source("data/xnli.dev.tsv").language()
