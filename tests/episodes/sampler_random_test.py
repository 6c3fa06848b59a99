from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.episodes.tagged import episodes, plan, pool, sampler


@given(st.integers(8, 20), st.integers(8, 20), st.integers())
def test_sets_are_full_and_hold_no_example_twice(english, hindi, seed):
    drawn = episodes(
        sampler("random", 8, 8, seed=seed), pool({"en": english, "hi": hindi}), plan(support=["en"], query=["hi"]), 20
    )
    for episode in drawn:
        assert len(set(episode.support)) == len(set(episode.query)) == 8


def test_each_episode_is_drawn_whatever_was_drawn_before():
    # 1000 episodes of 4 from 20: each example is due 200 times, standard deviation sqrt(1000 * 0.2 * 0.8) = 12.6;
    # covering would give 200 exactly.
    drawn = episodes(sampler("random", 4, 4), pool({"en": 20, "hi": 20}), plan(support=["en"], query=["hi"]), 1000)
    used = Counter(example.id for episode in drawn for example in episode.query)
    assert all(abs(count - 200) < 63 for count in used.values())
    assert len(set(used.values())) > 5


def test_query_languages_take_equal_turns_on_average():
    drawn = episodes(
        sampler("random"), pool({"en": 9, "hi": 9, "de": 90}), plan(support=["en"], query=["hi", "de"]), 1000
    )
    hindi = sum(episode.query_languages == ("hi",) for episode in drawn)
    assert abs(hindi - 500) < 80  # 5 standard deviations of sqrt(1000 / 4) = 15.8


def test_an_epoch_is_as_long_as_a_covering_pass():
    drawer = sampler("random", 8, 8)
    material = drawer.material(pool({"en": 9, "hi": 9, "de": 90}), plan(support=["en"], query=["hi", "de"]))
    assert drawer.episodes_per_pass(material) == 2 + 12
