import logging

import pytest
from allennlp.common.checks import ConfigurationError
from allennlp.data import Instance
from allennlp.data.fields import LabelField
from hypothesis import given
from hypothesis import strategies as st

from tests.episodes.tagged import episodes, instance, plan, pool, pool_of, sampler
from xlamaml_allennlp.episodes import ExamplePool


def lopsided(languages: dict[str, str]) -> ExamplePool:
    """Per language its ids, one letter each, in that order."""
    return pool_of(instance(language, id) for language, ids in languages.items() for id in ids)


@pytest.mark.parametrize("type", ["covering", "random"])
@pytest.mark.parametrize("parallel", [True, "where_possible"])
def test_the_kth_support_example_is_the_translation_of_the_kth_query_example(type, parallel):
    drawn = episodes(
        sampler(type, 8, 8, parallel=parallel), pool({"hi": 21, "en": 30}), plan(support=["en"], query=["hi"]), 20
    )
    for episode in drawn:
        assert [example.id for example in episode.support] == [example.id for example in episode.query]
        assert episode.support_languages == ("en",)


def test_a_short_query_set_has_an_equally_short_support_set():
    drawn = episodes(
        sampler("covering", 4, 4, parallel=True), pool({"hi": 6, "en": 6}), plan(support=["en"], query=["hi"])
    )
    assert sorted((len(episode.support), len(episode.query)) for episode in drawn) == [(2, 2), (4, 4)]


def test_a_missing_partner_is_an_error_that_names_id_languages_and_the_way_out():
    with pytest.raises(
        ConfigurationError,
        match=r'parallel is true, but the example "c" of "hi".*in "en" \(2 of 4 .*"where_possible".*false',
    ):
        sampler(parallel=True).material(lopsided({"en": "ab", "hi": "abcd"}), plan(support=["en"], query=["hi"]))


def test_where_possible_leaves_examples_without_partner_out_and_counts_them_in_the_log(caplog):
    examples = lopsided({"en": "ab", "hi": "abcd"})
    with caplog.at_level(logging.WARNING):
        drawn = episodes(sampler(parallel="where_possible"), examples, plan(support=["en"], query=["hi"]))
    assert "2 of 4 examples of hi have no translation in en" in caplog.text
    assert sorted(example.id for episode in drawn for example in episode.query) == ["a", "b"]


def test_a_partner_is_needed_in_every_language_that_support_can_be_drawn_from():
    examples = lopsided({"en": "abcd", "de": "bcde", "hi": "abcde"})
    drawn = episodes(sampler(parallel="where_possible"), examples, plan(support=["en", "de"], query=["hi"]), 40)
    assert {example.id for episode in drawn for example in episode.query} == set("bcd")
    assert {episode.support_languages for episode in drawn} == {("en",), ("de",)}


def test_no_partner_at_all_is_an_error_even_where_possible():
    with pytest.raises(ConfigurationError, match=r'"where_possible", but the example "a" of "hi".*ids agree'):
        sampler(parallel="where_possible").material(
            lopsided({"en": "xyz", "hi": "abc"}), plan(support=["en"], query=["hi"])
        )


def test_parallel_with_one_language_on_both_sides_contradicts_itself():
    with pytest.raises(ConfigurationError, match=r'parallel is true.*support for "hi" from "hi" itself.*cross_lingual'):
        sampler(parallel=True).material(pool({"hi": 9}), plan(type="same_language", query=["hi"]))


def test_sizes_that_parallel_leaves_too_small_are_an_error_with_the_count_that_is_left():
    with pytest.raises(ConfigurationError, match="query_size is 3, but hi has only 2 examples"):
        sampler("covering", 3, 3, parallel="where_possible").material(
            lopsided({"en": "abxyz", "hi": "abcde"}), plan(support=["en"], query=["hi"])
        )


def test_two_support_languages_share_the_partners_of_one_query_set():
    mixed = plan(support=["en", "de"], query=["hi"], languages_per_support=2)
    drawn = episodes(sampler("covering", 8, 8, parallel=True), pool({"hi": 80, "en": 80, "de": 80}), mixed)
    assert all([e.id for e in episode.support] == [e.id for e in episode.query] for episode in drawn)
    assert {example.language for episode in drawn for example in episode.support} == {"en", "de"}


def labelled(languages: dict[str, str]) -> ExamplePool:
    """Per language its examples' labels, one letter each and "?" for none; ids are their places."""

    def one(language: str, id: int, label: str) -> Instance:
        tagged = instance(language, id)
        return tagged if label == "?" else Instance({**tagged.fields, "label": LabelField(label)})

    return pool_of(one(language, i, label) for language, labels in languages.items() for i, label in enumerate(labels))


@pytest.mark.parametrize("parallel", [True, "where_possible"])
def test_partners_with_other_labels_are_no_translations(parallel):
    # 3 of 10; ids 0 to 6 agree.
    examples = labelled({"en": "encencence", "hi": "encencecen"})
    with pytest.raises(
        ConfigurationError,
        match=r'3 of 10 examples of "hi" have another label .*example "7" in "en".*without ids whose rows.*false',
    ):
        sampler(parallel=parallel).material(examples, plan(support=["en"], query=["hi"]))


@pytest.mark.parametrize("parallel", [True, "where_possible"])
def test_one_partner_in_five_with_another_label_is_a_warning_with_the_count(caplog, parallel):
    examples = labelled({"en": "encencence", "de": "encencence", "hi": "encencennc"})
    with caplog.at_level(logging.WARNING):
        sampler(parallel=parallel).material(examples, plan(support=["en", "de"], query=["hi"]))
    assert '2 of 10 examples of "hi" have another label' in caplog.text
    assert 'example "8" in "en"' in caplog.text


@pytest.mark.parametrize("english, hindi", [("enc", "enc"), ("???", "enc"), ("enc", "???"), ("???", "???")])
def test_partners_of_one_label_or_none_are_not_spoken_of(caplog, english, hindi):
    with caplog.at_level(logging.WARNING):
        sampler(parallel=True).material(labelled({"en": english, "hi": hindi}), plan(support=["en"], query=["hi"]))
    assert "label" not in caplog.text


@given(st.integers(1, 20), st.integers(1, 20), st.integers(1, 5), st.integers())
def test_translations_of_one_example_are_never_in_one_query_set(hi, de, size, seed):
    size = min(size, hi + de)
    drawn = episodes(
        sampler("covering", size, size, parallel=True, seed=seed),
        pool({"hi": hi, "de": de, "en": 20}),
        plan(support=["en"], query=["hi", "de"], languages_per_query=2),
    )
    for episode in drawn:
        assert len({example.id for example in episode.query}) == len(episode.query)
        assert [example.id for example in episode.support] == [example.id for example in episode.query]
    assert sum(len(episode.query) for episode in drawn) == hi + de
