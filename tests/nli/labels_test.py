import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.nli.labels import checked


def test_the_order_is_fixed_unless_a_config_says_otherwise():
    assert checked(None) == ("entailment", "neutral", "contradiction")
    assert checked(["yes", "no"]) == ("yes", "no")


@pytest.mark.parametrize("labels", [[], ["one"], ["a", "b", "a"], "entailment"])
def test_labels_that_cannot_be_told_apart_are_refused(labels):
    with pytest.raises(ConfigurationError, match=r"labels: .* is not a list of two or more different labels"):
        checked(labels)
