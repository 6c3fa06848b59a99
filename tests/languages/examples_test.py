from typing import Any

import pytest
from allennlp.common.checks import ConfigurationError
from allennlp.data import Instance
from allennlp.data.fields import LabelField, MetadataField

from tests.episodes.tagged import instance
from xlamaml_allennlp.languages.examples import Examples, InMemoryExamples, SomeExamples
from xlamaml_allennlp.languages.tag import Tag, metadata, tag_of


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


def pair(id: str, hypothesis: str, label: str, **tags: Any) -> tuple[Tag, Instance]:
    """A pair on one premise, with its tag."""
    texts = MetadataField(metadata("hi", id, "premise", premise="premise", hypothesis=hypothesis))
    made = Instance({"label": LabelField(label), "metadata": texts})
    return tag_of(made, **tags), made


@pytest.mark.parametrize(
    ("other", "problem"),
    [
        (("he sleeps", "neutral"), r'label \("entailment" and "neutral"\)'),
        (("he runs", "entailment"), r'hypothesis \("he sleeps" and "he runs"\)'),
    ],
)
def test_two_pairs_on_one_premise_with_one_id_are_an_error_that_names_both_rows(other, problem):
    pairs = [pair("7", "he sleeps", "entailment"), pair("8", "he eats", "neutral"), pair("7", *other)]
    with pytest.raises(ConfigurationError, match=f'the id "7", instance 0 and instance 2: they differ in {problem}'):
        InMemoryExamples(pairs)
    placed = [pair("7", "he sleeps", "entailment", source="a.tsv", row=3), pair("7", *other, source="b.tsv", row=1)]
    with pytest.raises(ConfigurationError, match=f"a.tsv:3 and b.tsv:1: they differ in {problem}"):
        InMemoryExamples(placed)


def test_a_text_that_only_one_of_two_has_makes_them_different():
    one, other = instance("hi", 7), instance("hi", 7)
    other["metadata"].metadata["question"] = "who?"
    with pytest.raises(ConfigurationError, match=r'differ in question \(null and "who\?"\)'):
        examples(one, other)


def test_an_instance_without_tags_is_an_error_that_names_the_tag():
    untagged = instance("hi", 7)
    del untagged["metadata"].metadata["group"]
    with pytest.raises(ConfigurationError, match='"group"'):
        examples(untagged)
