"""A bandit chooses by Exp3.S: its probabilities and gains against the equations and the bound of its source."""

from math import e, exp, log, sqrt
from random import Random

import pytest
from allennlp.common.checks import ConfigurationError
from hypothesis import given
from hypothesis import strategies as st

from xlamaml_allennlp.episodes import Bandit


def bandit(arms: int = 2, exploration: float = 0.5, forgetting: float = 0.1) -> Bandit:
    return Bandit([f"arm {arm}" for arm in range(arms)], "a signal", exploration, forgetting)


def test_an_outcome_changes_the_weights_as_the_equations_say():
    # K = 2, gamma = 1/2, alpha = 1/10; both weights are 1, so that both are chosen with 1/2.
    found = bandit()
    assert found.probabilities() == [0.5, 0.5]
    # Arm 0 gets 1: x = 1 / (1/2) = 2, and exp(gamma x / K) = exp(1/2); e alpha / K times the sum of 2 is e / 10.
    found.reward(0, 0.5, 1.0)
    first, second = exp(0.5) + e / 10, 1 + e / 10
    expected = [0.5 * weight / (first + second) + 0.25 for weight in (first, second)]
    assert found.probabilities() == pytest.approx(expected)
    # Arm 1 gets 2/5: exp(gamma x / K) = exp(1/4 * 2/5 / p).
    found.reward(1, expected[1], 0.4)
    shared = e / 20 * (first + second)
    first, second = first + shared, second * exp(0.1 / expected[1]) + shared
    assert found.probabilities()[0] == pytest.approx(0.5 * first / (first + second) + 0.25)


@given(
    st.integers(1, 6),
    st.floats(0.01, 1),
    st.floats(1e-6, 1),
    st.lists(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=4), max_size=30),
)
def test_every_arm_keeps_its_floor_whatever_comes_of_it(arms, exploration, forgetting, steps):
    found, rng, number = bandit(arms, exploration, forgetting), Random(3), 0
    for signals in steps:
        for _ in signals:
            assert 0 <= found.choose(number, rng) < arms
            number += 1
        found.learn(signals)
        assert sum(found.probabilities()) == pytest.approx(1)
        assert min(found.probabilities()) >= exploration / arms * (1 - 1e-9)


def test_a_reward_grows_from_nought_to_one_between_the_twentieth_and_the_eightieth_percentile():
    signals = [5.0, 0.0, 10.0, 2.0, 8.0, 1.0, 3.0, 9.0, 4.0, 7.0, 6.0]
    # Of 0 to 10 the percentiles are 2 and 8.
    rewards = [0.5, 0, 1, 0, 1, 0, 1 / 6, 1, 2 / 6, 5 / 6, 4 / 6]
    found, twin = bandit(), bandit()
    rng = Random(1)
    arms = [found.choose(number, rng) for number in range(11)]
    assert set(arms) == {0, 1}
    found.learn(signals)
    for arm, reward in zip(arms, rewards, strict=True):
        twin.reward(arm, 0.5, reward)  # all were chosen before anything was known
    assert found.probabilities() == pytest.approx(twin.probabilities())
    number = found.choose(11, rng)
    probability = found.probability(11)
    found.learn([5.0])
    # Of all signals so far, sorted: 0 1 2 3 4 5 5 6 7 8 9 10. A fifth of 11 gaps is 2.2, so from 2.2 to 7.8: a half.
    twin.reward(number, probability, 0.5)
    assert found.probabilities() == pytest.approx(twin.probabilities())


def test_signals_that_are_all_alike_are_worth_a_half():
    found, twin = bandit(), bandit()
    arm = found.choose(0, Random(0))
    found.learn([7.0])
    twin.reward(arm, 0.5, 0.5)
    assert found.probabilities() == twin.probabilities()


def gains(exploration: float, forgetting: float, rounds: int) -> int:
    """Of a game in which one of three arms pays 1 in the first half of the rounds, and another one in the second."""
    found, rng, gained = bandit(3, exploration, forgetting), Random(7), 0
    for number in range(rounds):
        arm = found.choose(number, rng)
        pays = arm == 2 * number // rounds
        found.reward(arm, found.probability(number), float(pays))
        gained += pays
    return gained


def test_what_is_lost_to_the_best_arms_of_two_times_is_within_the_bound_of_its_source():
    # Auer et al. 2002, section 8: K (S ln(K T) + e) / gamma + (e - 1) gamma T with alpha = 1 / T, where gamma makes it
    # smallest. Here K = 3 arms, T = 2000 rounds and S = 2 times.
    arms, rounds, times = 3, 2000, 2
    hardness = times * log(arms * rounds) + e
    exploration = sqrt(arms * hardness / ((e - 1) * rounds))
    bound = 2 * sqrt(e - 1) * sqrt(arms * rounds * hardness)
    assert rounds - gains(exploration, 1 / rounds, rounds) <= bound
    # Neither chance nor a bandit that forgets nothing is so good.
    assert rounds - rounds / arms > bound
    assert rounds - gains(exploration, 1e-100, rounds) > bound


def test_one_that_remembers_chooses_as_before_and_goes_on_as_the_other():
    def play(found: Bandit, rng: Random, steps: range) -> list[int]:
        arms = []
        for step in steps:
            arms += [found.choose(number, rng) for number in (2 * step, 2 * step + 1)]
            found.learn([arms[-2] - 0.5 * step, arms[-1] + 1.0])
        return arms

    whole, rng = bandit(4), Random(5)
    before = play(whole, rng, range(10))
    memory = whole.memory()
    after = play(whole, rng, range(10, 20))

    other, rng = bandit(4), Random(5)
    other.remember(memory)
    assert [other.choose(number, rng) for number in range(20)] == before
    assert play(other, rng, range(10, 20)) == after
    assert other.memory() == whole.memory() != memory


@pytest.mark.parametrize("told", [1, 3])
def test_whoever_drew_ahead_or_lost_episodes_hears_of_it(told):
    found, rng = bandit(), Random(0)
    for number in range(2):
        found.choose(number, rng)
    with pytest.raises(ConfigurationError, match=rf"2 episodes were drawn .* hears of {told}\. .*prefetching"):
        found.learn([0.0] * told)
