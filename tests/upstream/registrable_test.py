"""A name of this package, asked for before anything has imported it."""

import sys

import pytest
from allennlp.common.checks import ConfigurationError
from allennlp.models import Model

NAME = "cross_lingual_pair_clasifier"


def test_the_error_says_what_to_import_as_long_as_nothing_has(monkeypatch):
    monkeypatch.delitem(sys.modules, "xlamaml_allennlp.studies", raising=False)
    with pytest.raises(ConfigurationError, match=rf"'{NAME}' is not a registered.*`import xlamaml_allennlp` in a"):
        Model.by_name(NAME)


def test_and_not_afterwards(monkeypatch):
    import xlamaml_allennlp  # noqa: F401

    with pytest.raises(ConfigurationError) as error:
        Model.by_name(NAME)
    assert "import xlamaml_allennlp" not in str(error.value)


def test_an_error_of_another_kind_is_left_as_it_is(monkeypatch):
    monkeypatch.delitem(sys.modules, "xlamaml_allennlp.studies", raising=False)
    with pytest.raises(ConfigurationError) as error:
        Model.by_name("nowhere.at.all")
    assert "import xlamaml_allennlp" not in str(error.value)
