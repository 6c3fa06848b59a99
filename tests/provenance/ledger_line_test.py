"""A line of the ledger as text."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.provenance.recorded import line
from xlamaml_allennlp.provenance import Example, Line

texts = st.text(max_size=3)
examples = st.lists(st.builds(Example, texts, texts, st.none() | texts, st.none() | st.integers())).map(tuple)
numbers = st.floats(allow_nan=False)


@settings(max_examples=30)
@given(examples, examples, st.none() | numbers, numbers, st.none() | numbers)
def test_a_line_is_read_as_it_was_written(support, query, support_loss, query_loss, cosine):
    written = line(3, support=support, query=query, support_loss=support_loss, query_loss=query_loss, cosine=cosine)
    assert "\n" not in written.to_json()
    assert Line.from_json(written.to_json()) == written


@pytest.mark.parametrize("probability", [None, 0.125])
def test_the_probability_of_a_pair_is_told_where_there_is_one(probability):
    written = line(pair_probability=probability)
    assert json.loads(written.to_json()).get("pair_probability", "left out") == (probability or "left out")
    assert Line.from_json(written.to_json()) == written


def test_examples_that_follow_each_other_say_language_and_file_once():
    support = (Example("en", "1", "a", 4), Example("en", "2", "a", 5), Example("hi", "1", "a", 9), Example("en", "3"))
    assert json.loads(line(support=support).to_json())["support"] == [
        {"language": "en", "source": "a", "ids": ["1", "2"], "rows": [4, 5]},
        {"language": "hi", "source": "a", "ids": ["1"], "rows": [9]},
        {"language": "en", "source": None, "ids": ["3"], "rows": [None]},
    ]


def test_languages_are_those_of_both_sets():
    mixed = (Example("ur", "1"), Example("hi", "1"), Example("ur", "2"))
    assert line(query=mixed).languages == "en -> hi+ur"
    assert line(support=(), query=()).languages == "unknown -> unknown"
    assert line(support=(), query=mixed, support_loss=None).languages == "hi+ur"


@pytest.mark.parametrize(
    "change, reason",
    [
        ({"step": "3"}, "step is '3'"),
        ({"step": True}, "step is True"),
        ({"query_loss": None}, "query_loss is None"),
        ({"pair_probability": "much"}, "pair_probability is 'much'"),
        ({"support": [{"language": "en"}]}, "KeyError: 'ids'"),
        ({"support": [{"language": "en", "source": None, "ids": ["1"], "rows": []}]}, "shorter than argument 1"),
        ({"support": 5}, "not iterable"),
        ({"support": [{"language": "en", "source": None, "ids": [["1"]], "rows": [1]}]}, r"an example has \['1'\]"),
        ({"support": [{"language": "en", "source": 3, "ids": ["1"], "rows": [1]}]}, "an example has 3"),
    ],
)
def test_what_is_no_line_is_an_error_with_the_reason(change, reason):
    text = json.dumps({**json.loads(line().to_json()), **change})
    with pytest.raises(ValueError, match=reason):
        Line.from_json(text)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"episode": 1}', "[" * 100_000])
def test_so_is_other_text(text):
    with pytest.raises(ValueError, match=r"JSON|no episode"):
        Line.from_json(text)
