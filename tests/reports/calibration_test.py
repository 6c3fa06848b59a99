"""The test of differences keeps its level, and finds what it says it would find."""

import math

import pytest

from benchmarks.significance import Truth, rate, rates_of_others

STUDIES = 600
# Three standard deviations of a share of 0.05, and of 0.8, in as many studies.
AROUND_LEVEL = 3 * math.sqrt(0.05 * 0.95 / STUDIES)
AROUND_POWER = 3 * math.sqrt(0.8 * 0.2 / STUDIES)


def truth_of(seeds: int, deviation: float) -> Truth:
    """Seeds that deviate by so many standard errors of the mean over examples."""
    return Truth(seeds, 150, deviation * Truth(seeds, 150, 0.0).error_over_examples)


@pytest.mark.parametrize("seeds", [3, 5])
@pytest.mark.parametrize("deviation", [0.0, 1.0, 3.0, 6.0])
def test_without_a_difference_no_more_than_one_in_twenty_studies_finds_one(seeds, deviation):
    found = rate(truth_of(seeds, deviation), 0.0, STUDIES)
    assert found < 0.05 + AROUND_LEVEL
    # Few seeds make it careful, as its docstring says: it may find three in a hundred, and hardly fewer.
    assert found > 0.03 - 3 * math.sqrt(0.03 * 0.97 / STUDIES)


@pytest.mark.parametrize("deviation", [0.0, 3.0, 6.0])
def test_two_seeds_do_not_give_a_false_sense_of_safety_either(deviation):
    assert rate(truth_of(2, deviation), 0.0, STUDIES) < 0.06 + AROUND_LEVEL


def test_tests_over_examples_alone_find_differences_between_any_seeds():
    # What the crossed test is for: with seeds that deviate, half of all "findings" of nothing.
    pooled, over_examples = rates_of_others(truth_of(3, 3.0), 200)
    assert pooled > 0.3
    assert over_examples > 0.3


@pytest.mark.parametrize(("seeds", "deviation"), [(3, 3.0), (5, 0.0), (5, 1.0), (5, 3.0)])
def test_the_smallest_difference_is_found_four_times_in_five(seeds, deviation):
    truth = truth_of(seeds, deviation)
    found = rate(truth, truth.smallest(), STUDIES, seed=1)
    assert found == pytest.approx(0.8, abs=AROUND_POWER + 0.03)
