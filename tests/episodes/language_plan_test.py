from random import Random

import pytest
from allennlp.common.checks import ConfigurationError
from hypothesis import given
from hypothesis import strategies as st

from tests.episodes.tagged import plan

LANGUAGES = ["ar", "de", "en", "es", "hi", "vi", "zh"]


def test_one_auxiliary_language_takes_support_from_english():
    chosen = plan(support=["en"], query=["hi"])
    assert chosen.query_sets(Random(0)) == [("hi",)]
    assert chosen.support_set(("hi",), Random(0)) == ("en",)


def test_a_pair_on_both_sides_puts_one_language_into_each_set():
    chosen = plan(support=["hi", "de"], query=["hi", "de"])
    assert sorted(chosen.query_sets(Random(0))) == [("de",), ("hi",)]
    assert chosen.support_set(("hi",), Random(0)) == ("de",)
    assert chosen.support_set(("de",), Random(0)) == ("hi",)


def test_same_language_takes_support_from_the_query_languages():
    chosen = plan(type="same_language", query=["hi", "de"])
    assert sorted(chosen.query_sets(Random(0))) == [("de",), ("hi",)]
    assert chosen.support_set(("hi",), Random(0)) == ("hi",)
    pair = plan(type="same_language", query=["hi", "de"], languages_per_query=2)
    assert pair.support_set(("hi", "de"), Random(0)) == ("hi", "de")


def test_the_plan_draws_from_the_generator_it_is_given_and_is_cross_lingual_by_default():
    chosen = plan(support=["fr"], query=LANGUAGES)
    assert type(chosen).__name__ == "CrossLingualPlan"
    assert chosen.query_sets(Random(1)) == chosen.query_sets(Random(1))
    assert len({tuple(chosen.query_sets(Random(seed))) for seed in range(20)}) > 10


@given(st.data())
def test_every_query_language_stands_in_one_set_of_a_pass_and_never_in_its_support(data):
    support = data.draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, unique=True))
    query = data.draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, unique=True))
    per_support = data.draw(st.integers(1, len(support)))
    per_query = data.draw(st.integers(1, len(query)))
    sizes = {"languages_per_support": per_support, "languages_per_query": per_query}
    # The query set can hold as many support languages as there are on both sides.
    is_possible = len(support) - min(per_query, len(set(support) & set(query))) >= per_support
    if not is_possible:
        with pytest.raises(ConfigurationError, match="languages_per_support"):
            plan(support=support, query=query, **sizes)
        return
    chosen = plan(support=support, query=query, **sizes)
    rng = Random(data.draw(st.integers()))
    query_sets = chosen.query_sets(rng)
    assert sorted(language for query_set in query_sets for language in query_set) == sorted(query)
    assert all(len(query_set) == per_query for query_set in query_sets[:-1])
    assert len(query_sets[-1]) == chosen.smallest_query_set
    for query_set in query_sets:
        support_set = chosen.support_set(query_set, rng)
        assert len(set(support_set)) == per_support
        assert set(support_set) <= set(chosen.candidates(query_set)) <= set(chosen.support_languages)
        assert not set(support_set) & set(query_set)


def test_a_support_language_that_every_query_set_holds_is_named_in_the_log_and_not_counted_on(caplog):
    chosen = plan(support=["en", "hi"], query=["hi"])
    assert chosen.support_languages == ["en"]
    assert "hi can never be drawn" in caplog.text


@pytest.mark.parametrize(
    "params, message",
    [
        ({"support": ["hi"], "query": ["hi"]}, r"support is \['hi'\].*query is \['hi'\].*leave 0.*same_language"),
        ({"support": [], "query": ["hi"]}, r"languages\.support is empty"),
        ({"support": ["en"], "query": []}, r"languages\.query is empty"),
        ({"type": "same_language", "query": []}, r"languages\.query is empty"),
        ({"support": ["en", "en"], "query": ["hi"]}, r"languages\.support is \['en', 'en'\] and names en twice"),
        ({"support": "en", "query": ["hi"]}, r'languages\.support is "en"; give a list of languages: \["en"\]'),
        ({"type": "same_language", "query": "hi"}, r'languages\.query is "hi"; give a list'),
        (
            {"support": ["en"], "query": ["hi"], "languages_per_support": 2},
            r"languages_per_support is 2, but .*support names 1 \(en\)",
        ),
        (
            {"support": ["en"], "query": ["hi", "de"], "languages_per_query": 3},
            r"languages_per_query is 3, but .*query names 2",
        ),
        ({"support": ["en"], "query": ["hi"], "languages_per_query": 0}, r"languages_per_query is 0"),
        ({"type": "same_language", "query": ["hi"], "languages_per_query": 2}, r"languages_per_query is 2"),
        (
            {"support": ["a", "b"], "query": ["a", "b"], "languages_per_support": 2},
            r"can leave 1 support languages.*languages_per_support is 2",
        ),
        ({"support": ["en"], "query": ["hi"], "langauges_per_query": 1}, r"langauges_per_query"),
        ({"type": "same_language", "query": ["hi"], "support": ["en"]}, r"support"),
    ],
)
def test_an_impossible_plan_is_an_error_that_names_key_and_value(params, message):
    with pytest.raises(ConfigurationError, match=message):
        plan(**params)
