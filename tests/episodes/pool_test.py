import pytest
from allennlp.common.checks import ConfigurationError

from tests.episodes.tagged import instance
from xlamaml_allennlp.episodes import ExamplePool


def test_windows_of_one_question_are_one_example_in_order_of_reading():
    windows = [instance("hi", "q", "paragraph", 0), instance("hi", "q", "paragraph", 1)]
    pool = ExamplePool([windows[0], instance("en", "q", "paragraph"), windows[1]])
    assert len(pool) == 2
    assert pool["hi", "q"].instances == tuple(windows)


def test_examples_are_found_by_language_by_id_and_by_group():
    pool = ExamplePool([instance("hi", 1, "p"), instance("hi", 2, "p"), instance("hi", 3, "r"), instance("en", 1, "p")])
    assert pool.languages == ["hi", "en"]
    assert [example.id for example in pool.examples("hi")] == ["1", "2", "3"]
    assert pool.examples("de") == []
    found = pool.find("en", "1")
    assert found is not None
    assert found.language == "en"
    assert pool.find("en", "2") is None
    assert pool.group_size(pool["hi", "1"]) == 2
    assert pool.group_sizes(["hi"]) == [2, 1]
    assert pool.group_sizes(["en", "hi"]) == [2, 1, 1]
    assert pool.describe() == "hi (3), en (1)"


def test_two_examples_with_one_id_are_an_error_that_names_it():
    with pytest.raises(ConfigurationError, match=r'language "hi" have the id "7".*"p" and "r"'):
        ExamplePool([instance("hi", 7, "p"), instance("hi", 7, "r")])


def test_an_instance_without_tags_is_an_error_that_names_the_tag():
    untagged = instance("hi", 7)
    del untagged["metadata"].metadata["group"]
    with pytest.raises(ConfigurationError, match='"group"'):
        ExamplePool([untagged])
