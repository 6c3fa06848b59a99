from collections import Counter
from itertools import islice, pairwise
from math import ceil

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.episodes.tagged import drawn, episodes, instance, plan, pool, pool_of, sampler
from xlamaml_allennlp.episodes.separation import _is_possible

LANGUAGES = ["ar", "de", "es", "hi", "zh"]


@given(st.data())
def test_a_pass_uses_every_query_example_exactly_once(data):
    query = data.draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=4, unique=True))
    per_query = data.draw(st.integers(1, len(query)))
    query_size = data.draw(st.integers(1, 5))
    counts = {"en": data.draw(st.integers(3, 9))}
    counts |= {language: data.draw(st.integers(query_size, 17)) for language in query}
    drawer = sampler("covering", 3, query_size, seed=data.draw(st.integers()))
    languages = plan(support=["en"], query=query, languages_per_query=per_query)
    material = drawer.material(pool(counts, group_size=data.draw(st.integers(1, 4))), languages)
    stream = drawer.stream(material)
    expected = Counter({(language, str(i)): 1 for language in query for i in range(counts[language])})
    if per_query == 1:
        per_pass = sum(ceil(counts[language] / query_size) for language in query)
        assert drawer.episodes_per_pass(material) == per_pass
    # Equal sizes or one language at a time: all passes are of equal length; otherwise only the first is known.
    passes = 3 if per_query in (1, len(query)) else 1
    for _ in range(passes):
        found = [drawn(e, material.pool) for e in islice(stream, drawer.episodes_per_pass(material))]
        assert Counter((e.language, e.id) for episode in found for e in episode.query) == expected
        assert all(len(episode.query_languages) <= per_query for episode in found)


@given(st.data())
def test_a_pass_within_one_language_uses_every_query_example_exactly_once_whatever_the_groups(data):
    groups = data.draw(st.lists(st.integers(0, 7), min_size=2, max_size=24))
    support_size, query_size = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5))
    assume(_is_possible(sorted(Counter(groups).values(), reverse=True), support_size, query_size))
    examples = pool_of(instance("hi", i, group) for i, group in enumerate(groups))
    drawer = sampler("covering", support_size, query_size, seed=data.draw(st.integers()))
    found = episodes(drawer, examples, plan(type="same_language", query=["hi"]))
    assert sorted(int(e.id) for episode in found for e in episode.query) == list(range(len(groups)))
    assert all(len(episode.support) == support_size for episode in found)


@given(st.integers(8, 30), st.integers(8, 30), st.integers())
def test_support_runs_through_all_its_examples_before_it_uses_one_again(english, hindi, seed):
    used = Counter({str(i): 0 for i in range(english)})
    drawer = sampler("covering", 8, 8, seed=seed)
    for episode in episodes(drawer, pool({"en": english, "hi": hindi}), plan(support=["en"], query=["hi"]), 30):
        used.update(example.id for example in episode.support)
        assert max(used.values()) - min(used.values()) <= 1


def test_support_within_one_language_is_nearly_balanced_though_premises_are_deferred():
    # 100 premises of 3: over ten passes of 38 episodes of 8 each example is due 10.13 times.
    drawer = sampler("covering", 8, 8)
    found = episodes(drawer, pool({"hi": 300}, group_size=3), plan(type="same_language", query=["hi"]), 380)
    used = Counter(example.id for episode in found for example in episode.support)
    assert len(used) == 300
    assert max(used.values()) - min(used.values()) <= 2


def test_the_episodes_of_a_pass_are_shuffled_across_its_languages():
    found = episodes(sampler(), pool({"en": 50, "hi": 50, "de": 50}), plan(support=["en"], query=["hi", "de"]))
    order = [episode.query_languages[0] for episode in found]
    assert Counter(order) == {"hi": 25, "de": 25}
    changes = sum(left != right for left, right in pairwise(order))
    assert changes > 10  # one after the other would be 1; 49 neighbours change half of the time


def test_each_pass_is_laid_out_anew():
    drawer = sampler("covering", 2, 10)
    found = episodes(drawer, pool({"en": 9, "hi": 30}), plan(support=["en"], query=["hi"]), 6)
    first, second = ({frozenset(e.id for e in episode.query) for episode in found[i : i + 3]} for i in (0, 3))
    assert first != second


def test_both_of_a_pair_are_covered_as_query_languages():
    pair = plan(support=["hi", "de"], query=["hi", "de"])
    found = episodes(sampler("covering", 8, 8, parallel=True), pool({"hi": 16, "de": 16}), pair)
    assert Counter((episode.support_languages, episode.query_languages) for episode in found) == {
        (("hi",), ("de",)): 2,
        (("de",), ("hi",)): 2,
    }
