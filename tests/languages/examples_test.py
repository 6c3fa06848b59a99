import pytest
from allennlp.common.checks import ConfigurationError

from tests.episodes.tagged import instance
from xlamaml_allennlp.languages.examples import Examples, InMemoryExamples, SomeExamples
from xlamaml_allennlp.languages.tag import tag_of


def examples(*rows) -> InMemoryExamples:
    return InMemoryExamples((tag_of(row), row) for row in rows)


def ids(found: Examples) -> list[str]:
    return [found.tag(row).id for row in range(len(found))]


def test_windows_of_one_question_are_one_example_in_order_of_reading():
    windows = [instance("hi", "q", "paragraph", 0), instance("hi", "q", "paragraph", 1)]
    found = examples(windows[0], instance("en", "q", "paragraph"), windows[1])
    assert len(found) == 2
    assert found.instances([0]) == windows


def test_the_instances_of_rows_keep_the_order_of_the_rows():
    rows = [instance("en", id) for id in "abc"]
    assert examples(*rows).instances([2, 0]) == [rows[2], rows[0]]


def test_some_examples_are_numbered_anew():
    rows = [instance("en", id) for id in "abcd"]
    some = SomeExamples(examples(*rows), [3, 1])
    assert ids(some) == ["d", "b"]
    assert some.instances([1, 0]) == [rows[1], rows[3]]


def test_two_examples_with_one_id_are_an_error_that_names_it():
    with pytest.raises(ConfigurationError, match=r'language "hi" have the id "7".*"p" and "r"'):
        examples(instance("hi", 7, "p"), instance("hi", 7, "r"))


def test_an_instance_without_tags_is_an_error_that_names_the_tag():
    untagged = instance("hi", 7)
    del untagged["metadata"].metadata["group"]
    with pytest.raises(ConfigurationError, match='"group"'):
        examples(untagged)
