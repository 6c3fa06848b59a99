"""What a t-test can find, against closed forms."""

import pytest
from scipy import stats

from xlamaml_allennlp.reports.power import critical_value, p_value, power_of, smallest_difference


def test_with_endless_examples_and_seeds_that_do_not_matter_it_is_the_normal_distribution():
    # 1.960 + 0.842: the quantiles of 0.975 and of 0.8.
    assert smallest_difference(0.05, 0, 2, 1e9) == pytest.approx(2.80, abs=0.01)


def test_the_critical_value_lies_between_those_of_seeds_and_of_examples():
    # t at 0.975 is 4.303 with two degrees of freedom, 1.984 with a hundred: a quarter of one and the rest of the other.
    assert critical_value(0.05, 0.25, 2, 100) == pytest.approx(0.25 * 4.303 + 0.75 * 1.984, abs=1e-3)
    assert p_value(0.25 * 4.303 + 0.75 * 1.984, 0.25, 2, 100) == pytest.approx(0.05, abs=1e-4)


def test_p_has_an_end():
    assert p_value(1e9, 0.0, 2, 1000) == 1e-100


@pytest.mark.parametrize(("freedom", "shift"), [(2, 3.0), (4, 1.0), (4, 4.0), (20, 2.5)])
def test_power_over_seeds_is_that_of_the_noncentral_t_distribution(freedom, shift):
    critical = stats.t.ppf(0.975, freedom)
    expected = stats.nct.sf(critical, freedom, shift) + stats.nct.cdf(-critical, freedom, shift)
    assert power_of(shift, 0.05, 1.0, freedom, 100) == pytest.approx(expected, abs=1e-3)


def test_without_a_difference_power_is_the_level():
    assert power_of(0.0, 0.05, 1.0, 4, 100) == pytest.approx(0.05, abs=1e-3)


def test_two_seeds_find_next_to_nothing_after_a_correction():
    # One degree of freedom at 0.05 / 15: beyond 190 standard errors, where scipy's noncentral t is not a number.
    assert smallest_difference(0.05 / 15, 1.0, 1, 100) > 190
