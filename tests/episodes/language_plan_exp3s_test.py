"""Pairs of languages that are drawn by what came of earlier ones, in every worker and after an interruption alike."""

from itertools import islice
from random import Random

import pytest
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary

from tests.episodes.data_loader_distributed_test import worker
from tests.episodes.tagged import TaggedReader, instances, loader, names, plan, stream
from xlamaml_allennlp.episodes import EpisodeDataLoader, describe, languages_of_batch

__all__ = ["worker"]  # a fixture

LANGUAGES = {"type": "exp3s", "support": ["en", "hi"], "query": ["hi", "de"]}
PAIRS = ["en -> hi", "en -> de", "hi -> de"]


def ready(**params) -> EpisodeDataLoader:
    reader = TaggedReader({"all": instances({"en": 20, "hi": 26, "de": 13})})
    params = {"languages": dict(LANGUAGES), "sampler": {"type": "random", "support_size": 3, "query_size": 4}, **params}
    built = loader(reader, **params)
    built.index_with(Vocabulary())
    return built


def pair(batch) -> str:
    return " -> ".join("+".join(languages_of_batch(batch[side])) for side in ("support", "query"))


def test_the_arms_are_all_pairs_of_two_languages_and_the_first_ones_are_drawn_uniformly():
    built = ready(episodes_per_epoch=900)
    assert built.plan.bandit.arms == PAIRS
    drawn = [pair(batch) for batch in built]
    # 300 of each, with a standard deviation of 14.
    assert all(abs(drawn.count(each) - 300) < 60 for each in PAIRS)
    assert len(drawn) == 900


def test_the_pair_that_pays_is_drawn_until_the_others_are_at_their_floor():
    built = ready(episodes_per_epoch=500, languages={**LANGUAGES, "forgetting": 1e-9})
    drawn = []
    for batch in built:
        drawn.append(pair(batch))
        built.plan.bandit.learn([float(drawn[-1] == "hi -> de")])
    # gamma = 0.2, so 0.8 + 0.2 / 3 for one and 0.2 / 3 for the others.
    assert built.plan.bandit.probabilities() == pytest.approx([0.2 / 3, 0.2 / 3, 0.8 + 0.2 / 3], abs=1e-3)
    # Of the last 200, 173 with a standard deviation of 5.
    assert abs(drawn[-200:].count("hi -> de") - 173) < 20


@pytest.mark.parametrize("workers", [2, 3])
def test_workers_that_learn_share_the_stream_that_one_has(worker, workers):
    params = {"type": "random", "episodes_per_epoch": 4 * workers}

    def share(rank: int, workers: int) -> EpisodeDataLoader:
        return worker(rank, workers, languages=dict(LANGUAGES), **params)

    alone, shares = share(0, 1), [share(rank, workers) for rank in range(workers)]
    for _ in range(2):
        one, others = iter(alone), [iter(each) for each in shares]
        for _ in range(2):
            # A meta step of two episodes of each worker, who draw both before the next one draws any.
            expected = [next(one) for _ in range(2 * workers)]
            theirs = [[next(each) for _ in range(2)] for each in others]
            found = [batch for batches in zip(*theirs, strict=True) for batch in batches]
            assert list(map(describe, found)) == list(map(describe, expected))
            for each in (alone, *shares):
                each.plan.bandit.learn([float(pair(batch) == "en -> hi") for batch in expected])
    assert all(each.memory() == alone.memory() for each in shares)


def test_a_loader_that_remembers_goes_on_as_the_one_that_was_interrupted():
    def steps(built, count):
        drawn = []
        for batch in islice(built, count):
            drawn.append(describe(batch))
            built.plan.bandit.learn([float(pair(batch) == "en -> de")])
        return drawn

    whole = ready(episodes_per_epoch=40)
    steps(whole, 40)
    memory = whole.memory()
    rest = steps(whole, 40)
    other = ready(episodes_per_epoch=40)
    other.remember(memory)
    other.skip(40)
    assert steps(other, 40) == rest
    assert other.memory() == whole.memory()


def test_whoever_looks_at_the_stream_sees_what_was_drawn():
    built = ready(episodes_per_epoch=20)
    drawn = []
    for batch in built:
        drawn.append(describe(batch))
        built.plan.bandit.learn([float(pair(batch) == "hi -> de")])
    again = [names(episode) for episode in islice(stream(built), 20)]
    assert [sides[0][0].split(":")[0] for sides in again] == [each.split()[1] for each in drawn]


def test_other_plans_learn_nothing():
    built = ready(languages={"support": ["en"], "query": ["hi"]})
    assert built.plan.bandit is None
    assert built.memory() is None


def test_a_covering_pass_and_reversed_episodes_are_refused_with_the_way_out():
    with pytest.raises(ConfigurationError, match=r'sampler "covering" lays a pass out .* sampler "random"'):
        ready(sampler={"type": "covering", "support_size": 3, "query_size": 4})
    with pytest.raises(ConfigurationError, match=r"data_loader\.reverse .* Set reverse to false"):
        ready(reverse=True)


@pytest.mark.parametrize(
    "params, message",
    [
        ({"support": ["en"], "query": ["hi"]}, r"languages has one pair to choose from, en -> hi\. .*cross_lingual"),
        ({"support": ["hi"], "query": ["hi"]}, r"can leave 0 support languages"),
        ({"reward": "loss"}, r'languages\.reward is "loss"; it must be "alignment" or "query_loss"'),
        ({"exploration": 0}, r"languages\.exploration is 0; it must be above 0 and at most 1"),
        ({"exploration": 1.5}, r"languages\.exploration is 1.5"),
        ({"forgetting": 0}, r"languages\.forgetting is 0"),
        ({"languages_per_query": 2}, r"languages_per_query"),
    ],
)
def test_an_impossible_plan_is_an_error_that_names_key_and_value(params, message):
    with pytest.raises(ConfigurationError, match=message):
        plan(**{**LANGUAGES, **params})


def test_a_bandit_that_knows_nothing_draws_like_the_seed_says():
    drawn = [list(islice(plan(**LANGUAGES).pairs(Random(seed)), 20)) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
