"""What counts as a label: one rule, whatever the format."""

import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.nli.labels import Labels, checked

CONTRADICTORY = {"contradictory": "contradiction"}


def test_the_order_is_fixed_unless_a_config_says_otherwise():
    assert checked(None) == ("entailment", "neutral", "contradiction")
    assert checked(["yes", "no"]) == ("yes", "no")


@pytest.mark.parametrize("labels", [[], ["one"], ["a", "b", "a"], "entailment"])
def test_labels_that_cannot_be_told_apart_are_refused(labels):
    with pytest.raises(ConfigurationError, match=r"labels: .* is not a list of two or more different labels"):
        checked(labels)


@pytest.mark.parametrize(("labels", "seen"), [([0, 1], "0"), (["a", None], "null"), ([["a"], "b"], "a list")])
def test_labels_that_are_no_texts_are_refused(labels, seen):
    with pytest.raises(ConfigurationError, match=rf"labels: {seen} is not a text\. Give names"):
        checked(labels)


@pytest.mark.parametrize(
    ("written", "index"),
    [("entailment", 0), ("neutral", 1), ("contradiction", 2), ("contradictory", 2), (0, 0), (2, 2), ("0", 0), ("2", 2)],
)
def test_a_label_is_a_name_an_alias_an_index_or_its_digits(written, index):
    labels = Labels(None, CONTRADICTORY)
    assert labels.index(written) == index
    assert labels.problem(written) is None
    assert not labels.without_gold(written)


@pytest.mark.parametrize("written", [True, False, 1.0, [1], {"a": 1}, float("nan")])
def test_what_is_neither_a_text_nor_a_whole_number_is_no_label(written):
    labels = Labels(None)
    assert labels.index(written) is None
    assert not labels.without_gold(written)
    assert "is neither a text nor a whole number. Fix the row." in labels.problem(written)


@pytest.mark.parametrize("written", ["", "Neutral", "contradictory", "3", 3, -2, "01", "1.0"])
def test_other_texts_and_numbers_are_unknown(written):
    assert f'label "{written}" is none of contradiction, entailment, neutral.' in Labels(None).problem(written)


@pytest.mark.parametrize("written", ["-", -1, "-1"])
def test_no_gold_label_is_written_in_three_ways(written):
    assert Labels(None).without_gold(written)


def test_a_name_counts_before_an_index_and_before_a_missing_gold_label():
    labels = Labels(["1", "0", "-"])
    assert [labels.index(written) for written in ("1", "0", 1, 0, "-")] == [0, 1, 1, 0, 2]
    assert not labels.without_gold("-")


@pytest.mark.parametrize(
    "aliases", [{"neutral": "entailment"}, {"maybe": "perhaps"}, {"maybe": 1}, {"maybe": ["neutral"]}]
)
def test_an_alias_is_another_name_of_a_label(aliases):
    with pytest.raises(
        ConfigurationError, match=r"label_aliases: .* does not give a label another name. The labels are"
    ):
        Labels(None, aliases)
