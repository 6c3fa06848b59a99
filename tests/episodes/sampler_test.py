"""What both samplers promise."""

import json
import os
import random
import subprocess
import sys
from itertools import islice

import numpy
import pytest
import torch
from allennlp.common.checks import ConfigurationError
from hypothesis import given
from hypothesis import strategies as st

from tests.episodes.tagged import drawn, episodes, instance, names, plan, pool, pool_of, sampler, streams

BOTH = pytest.mark.parametrize("type", ["covering", "random"])
PLANS = [
    {"support": ["en"], "query": ["hi"]},
    {"support": ["en", "de"], "query": ["hi", "de"]},
    {"support": ["en", "de"], "query": ["hi", "es"], "languages_per_support": 2, "languages_per_query": 2},
    {"type": "same_language", "query": ["hi", "de"]},
    {"type": "same_language", "query": ["hi", "de", "es"], "languages_per_query": 2},
]
COUNTS = {"en": 30, "hi": 25, "de": 40, "es": 9}
# Prints the streams in a process with another hash seed.
SCRIPT = """
import json, sys
from tests.episodes.tagged import streams
print(json.dumps(streams(*json.loads(sys.argv[1]))))
"""


@BOTH
@pytest.mark.parametrize("params", PLANS)
def test_the_same_seed_gives_the_same_stream_and_another_seed_another(type, params):
    examples = pool({"en": 30, "hi": 25, "de": 40, "es": 20}, group_size=3)

    def stream(seed: int) -> list:
        return [names(e) for e in episodes(sampler(type, 4, 3, seed=seed), examples, plan(**params), 60)]

    assert stream(1) == stream(1)
    assert stream(1) != stream(2)


def test_the_stream_does_not_depend_on_the_process_and_its_hash_seed():
    environment = {**os.environ, "PYTHONHASHSEED": "4321", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", SCRIPT, json.dumps([PLANS, COUNTS])]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == streams(PLANS, COUNTS)


@BOTH
def test_streams_neither_draw_from_global_generators_nor_depend_on_them(type):
    examples, languages = pool({"en": 30, "hi": 25}), plan(support=["en"], query=["hi"])
    drawer = sampler(type, 8, 8)
    before = random.getstate(), numpy.random.get_state()[1].tolist(), torch.get_rng_state().tolist()
    first = [names(episode) for episode in episodes(drawer, examples, languages, 20)]
    after = random.getstate(), numpy.random.get_state()[1].tolist(), torch.get_rng_state().tolist()
    assert before == after
    random.seed(99)
    assert first == [names(episode) for episode in episodes(drawer, examples, languages, 20)]


@BOTH
@given(data=st.data())
def test_sets_are_full_and_share_neither_example_nor_group_within_a_language(type, data):
    params = data.draw(st.sampled_from(PLANS))
    examples = pool_of(
        instance(language, i, data.draw(st.integers(0, 6)))
        for language in ("en", "hi", "de", "es")
        for i in range(data.draw(st.integers(1, 14)))
    )
    drawer = sampler(type, data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5)), seed=data.draw(st.integers()))
    languages = plan(**params)
    try:
        found = episodes(drawer, examples, languages, 25)
    except ConfigurationError:
        return  # what is an error is decided in separation_test and below
    for episode in found:
        assert len(set(episode.support)) == len(episode.support) == drawer.support_size
        assert 1 <= len(set(episode.query)) == len(episode.query) <= drawer.query_size
        assert not {(e.language, e.group) for e in episode.support} & {(e.language, e.group) for e in episode.query}
        assert len(episode.query_languages) <= languages.languages_per_query
        assert len(episode.support_languages) <= languages.languages_per_support
        if "type" not in params:
            assert not set(episode.support_languages) & set(episode.query_languages)


@BOTH
def test_several_languages_in_one_set_are_drawn_from_their_union(type):
    # hi has 3/4 of the union's examples, so 3/4 of the query examples: 750 of 1000, within 5 standard deviations
    # of sqrt(1000 * 3/4 * 1/4) = 14 for random, exactly for covering.
    examples = pool({"en": 40, "hi": 60, "de": 20})
    both = plan(support=["en"], query=["hi", "de"], languages_per_query=2)
    query = [e for episode in episodes(sampler(type, 4, 4), examples, both, 250) for e in episode.query]
    share = sum(example.language == "hi" for example in query)
    assert len(query) == 1000
    assert abs(share - 750) < 70


@BOTH
def test_windows_of_a_question_stay_together(type):
    windows = [instance(language, i, i, w) for language in ("en", "hi") for i in range(9) for w in range(1 + i % 3)]
    examples, drawer = pool_of(windows), sampler(type, 2, 2)
    stream = drawer.stream(drawer.material(examples, plan(support=["en"], query=["hi"])))
    for episode in islice(stream, 10):
        for row in [*episode.support, *episode.query]:
            made = [one["metadata"].metadata["window"] for one in examples.examples.instances([row])]
            assert made == list(range(1 + int(examples.id(row)) % 3))


@pytest.mark.parametrize(
    "params, message",
    [
        ({"support_size": 0}, r"data_loader\.sampler\.support_size is 0"),
        ({"query_size": -1}, r"data_loader\.sampler\.query_size is -1"),
        ({"parallel": True, "support_size": 4, "query_size": 8}, "support_size is 4 and query_size is 8"),
        ({"parallel": "sometimes"}, r"parallel is 'sometimes'; give true, false or \"where_possible\""),
        ({"sede": 3}, "sede"),
    ],
)
@BOTH
def test_a_setting_that_cannot_be_is_an_error_that_names_it(type, params, message):
    with pytest.raises(ConfigurationError, match=message):
        sampler(type, **params)


@pytest.mark.parametrize(
    "params, sizes, message",
    [
        ({"support": ["en"], "query": ["sw"]}, {}, r"names sw, .*Languages there are: en \(9\), hi \(5\)"),
        ({"support": ["sw"], "query": ["hi"]}, {}, "names sw"),
        ({"type": "same_language", "query": ["sw"]}, {}, "names sw"),
        ({"support": ["en"], "query": ["hi"]}, {"query_size": 6}, "query_size is 6, but hi has only 5 examples"),
        ({"support": ["en"], "query": ["hi"]}, {"support_size": 10}, "support_size is 10, but en has only 9 examples"),
        (
            {"support": ["en"], "query": ["hi", "de"], "languages_per_query": 2},
            {"query_size": 9},
            r"query_size is 9, but de \+ hi has only 8 examples",
        ),
        ({"type": "same_language", "query": ["hi"]}, {"query_size": 4}, "hi has 5 examples in 5 groups"),
    ],
)
@BOTH
def test_what_the_data_cannot_give_is_an_error_that_names_it(type, params, sizes, message):
    counts = {"en": 9, "hi": 5} if "de" not in str(params) else {"en": 9, "hi": 5, "de": 3}
    with pytest.raises(ConfigurationError, match=message):
        sampler(type, **sizes).material(pool(counts), plan(**params))


def test_the_last_short_group_of_languages_counts_for_sizes_too():
    # Three languages in pairs: one of them stands alone, so each must fill a query set by itself.
    languages = plan(support=["en"], query=["hi", "de", "es"], languages_per_query=2)
    with pytest.raises(ConfigurationError, match="query_size is 4, but es has only 3 examples"):
        sampler(query_size=4).material(pool({"en": 9, "hi": 9, "de": 9, "es": 3}), languages)


@BOTH
def test_a_stream_begins_anew_with_every_call(type):
    drawer = sampler(type)
    material = drawer.material(pool({"en": 9, "hi": 7}), plan(support=["en"], query=["hi"]))
    first, second = ([names(drawn(e, material.pool)) for e in islice(drawer.stream(material), 9)] for _ in range(2))
    assert first == second
