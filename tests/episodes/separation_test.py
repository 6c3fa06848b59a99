from itertools import combinations

import pytest
from allennlp.common.checks import ConfigurationError
from hypothesis import given
from hypothesis import strategies as st

from tests.episodes.tagged import episodes, find, grouped_pool, plan, pool, sampler
from xlamaml_allennlp.episodes.separation import _is_possible, apart_from, leaves_support


def test_a_query_set_may_touch_groups_as_long_as_the_support_set_can_be_filled_from_others():
    # 3 groups of 2; support needs 3, so a query set can spoil one group (4 left) and not two (2 left).
    examples = pool({"hi": 6}, group_size=2)
    admits = leaves_support(examples, ("hi",), support_size=3)
    assert admits(find(examples, "hi", "0"))
    assert not admits(find(examples, "hi", "2"))
    assert admits(find(examples, "hi", "1"))


def test_query_examples_of_other_languages_cost_the_support_set_nothing():
    examples = pool({"hi": 3, "en": 3}, group_size=3)
    admits = leaves_support(examples, ("en",), support_size=3)
    assert all(admits(example) for example in examples.rows("hi"))
    assert not admits(find(examples, "en", "0"))


def test_a_support_set_refuses_the_groups_of_its_query_set_within_one_language():
    examples = pool({"hi": 4, "en": 4}, group_size=2)
    admits = apart_from(examples, [find(examples, "hi", "0")])
    assert [admits(find(examples, "hi", id)) for id in "0123"] == [False, False, True, True]
    assert admits(find(examples, "en", "0"))


@given(st.lists(st.integers(1, 5), max_size=6), st.integers(1, 8), st.integers(1, 8))
def test_what_is_possible_agrees_with_trying_every_choice_of_groups(sizes, support_size, query_size):
    total = sum(sizes)
    choices = [sum(choice) for count in range(len(sizes) + 1) for choice in combinations(sizes, count)]
    full_episode = any(chosen >= query_size and total - chosen >= support_size for chosen in choices)
    every_example = all(total - size >= support_size for size in sizes)
    expected = full_episode and every_example
    assert _is_possible(sorted(sizes, reverse=True), support_size, query_size) == expected


@pytest.mark.parametrize(
    "groups, support_size, query_size",
    [
        ([6], 2, 2),  # one premise only
        ([1] * 10, 8, 8),  # ten different premises, sixteen needed
        ([9, 1, 1], 3, 1),  # the nine can never be queries: two others remain
        ([3, 3], 2, 4),  # four queries touch both groups
    ],
)
def test_groups_that_leave_no_full_episode_are_an_error_at_once(groups, support_size, query_size):
    with pytest.raises(
        ConfigurationError, match=rf"hi has {sum(groups)} examples in {len(groups)} groups.*{groups[0]}"
    ):
        sampler(support_size=support_size, query_size=query_size).material(
            grouped_pool({"hi": groups}), plan(type="same_language", query=["hi"])
        )


def test_two_languages_together_can_be_enough_where_each_alone_is_not():
    examples = grouped_pool({"hi": [3], "de": [3]})
    together = plan(type="same_language", query=["hi", "de"], languages_per_query=2)
    for episode in episodes(sampler(support_size=3, query_size=3), examples, together, 4):
        assert {episode.support_languages, episode.query_languages} == {("hi",), ("de",)}
    with pytest.raises(ConfigurationError, match="hi has 3 examples in 1 groups"):
        sampler(support_size=3, query_size=3).material(examples, plan(type="same_language", query=["hi", "de"]))


def test_equal_groups_of_different_languages_are_no_conflict():
    examples = grouped_pool({"en": [6], "hi": [6]})
    assert len(episodes(sampler(), examples, plan(support=["en"], query=["hi"]))) == 3


def test_tight_groups_close_a_query_set_early_rather_than_mix():
    # Two premises of 3: a query set of 2 is within one premise, so each pass is 2 + 1 and 2 + 1.
    examples = grouped_pool({"hi": [3, 3]})
    drawn = episodes(sampler(support_size=2, query_size=2), examples, plan(type="same_language", query=["hi"]))
    assert sorted(len(episode.query) for episode in drawn) == [1, 1, 2, 2]
