"""Differences with seeds and examples at random, against cases computed by hand and against scipy."""

import numpy as np
import pytest
from scipy import stats

from xlamaml_allennlp.reports.crossed import BOTH, EXAMPLES, SEEDS, effect_of


def alone(examples: int) -> np.ndarray:
    return np.arange(examples)


def test_a_table_of_two_seeds_and_two_examples_by_hand():
    # Means of seeds 2 and 4, of examples 1.5 and 4.5, of all 3.
    # MS_seed = 2 (1 + 1) / 1 = 4, MS_example = 2 (2.25 + 2.25) / 1 = 9, what is left is +-0.5: MS_rest = 4 x 0.25 = 1.
    # Var = (4 + 9 - 1) / 4 = 3, a third of it (4 of 12) by seeds. Both have one degree of freedom, where t is Cauchy's
    # distribution: beyond +-sqrt 3 is a third of it.
    effect = effect_of(np.array([[1.0, 3.0], [2.0, 6.0]]), alone(2))
    assert effect.difference == pytest.approx(3)
    assert effect.error == pytest.approx(3**0.5)
    assert effect.share == pytest.approx(1 / 3)
    assert effect.p == pytest.approx(1 / 3)
    assert (effect.seeds, effect.clusters, effect.examples, effect.over) == (2, 2, 2, BOTH)


def test_seeds_that_lie_close_by_chance_are_not_believed_to_be_the_same():
    # Both means are 0, so MS_seed = 0; what is left is +-1 everywhere: MS_rest = 4 x 1 / 1 = 4, MS_example = 0.
    # A mean of two seeds and two such examples has the variance 4 / 4 all the same.
    assert effect_of(np.array([[1.0, -1.0], [-1.0, 1.0]]), alone(2)).error == pytest.approx(1)


def test_where_examples_do_not_matter_it_is_the_paired_t_test_over_seeds():
    by_seed = np.array([0.5, 1.5, 3.0])
    effect = effect_of(np.repeat(by_seed[:, None], 4, axis=1), alone(4))
    expected = stats.ttest_1samp(by_seed, 0)
    assert effect.p == pytest.approx(expected.pvalue)
    assert effect.interval == pytest.approx(tuple(expected.confidence_interval()))


def test_where_seeds_do_not_matter_it_is_the_paired_t_test_over_examples():
    by_example = np.array([1.0, 0.0, -1.0, 1.0, 1.0, 0.0])
    effect = effect_of(np.stack([by_example] * 3), alone(6))
    assert effect.p == pytest.approx(stats.ttest_1samp(by_example, 0).pvalue)


def test_one_seed_speaks_of_examples_only_and_one_cluster_of_seeds_only():
    by_example = np.array([[1.0, 0.0, -1.0, 1.0]])
    assert effect_of(by_example, alone(4)).over == EXAMPLES
    assert effect_of(by_example, alone(4)).p == pytest.approx(stats.ttest_1samp(by_example[0], 0).pvalue)
    by_seed = np.array([[0.5], [1.5], [3.0]])
    assert effect_of(by_seed, alone(1)).over == SEEDS
    assert effect_of(by_seed, alone(1)).p == pytest.approx(stats.ttest_1samp(by_seed[:, 0], 0).pvalue)
    assert effect_of(np.array([[1.0]]), alone(1)) is None


def test_copies_of_an_example_in_its_cluster_tell_nothing_new():
    values = np.random.default_rng(0).normal(1, 2, (3, 8))
    once = effect_of(values, alone(8))
    thrice = effect_of(np.repeat(values, 3, axis=1), np.repeat(alone(8), 3))
    assert (thrice.error, thrice.p) == pytest.approx((once.error, once.p))
    # As examples of their own they would look like three times as much evidence.
    assert effect_of(np.repeat(values, 3, axis=1), alone(24)).error < once.error


def test_every_target_weighs_the_same_however_many_examples_it_has():
    # Nine examples of one target gain 1, a single one of another gains 5: the mean of the targets is 3.
    values = np.array([[1.0] * 9 + [5.0]] * 2)
    targets = np.array([0] * 9 + [1])
    assert effect_of(values, alone(10), targets).difference == pytest.approx(3)


def test_methods_that_predict_the_same_do_not_differ():
    effect = effect_of(np.zeros((3, 5)), alone(5))
    assert (effect.p, *effect.interval) == (1, 0, 0)
