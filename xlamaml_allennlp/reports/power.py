"""
Student's t of a mean that scatters by two things, seeds and examples: its critical value, its p, and what it can find.

All functions take the share of seeds in the variance, and the degrees of freedom of seeds and of examples.
"""

import math
from functools import lru_cache

import numpy as np
from scipy import optimize, special

LEVEL = 0.05
POWER = 0.8
# No p is said to be smaller.
LEAST = 1e-100
# Where a chi-square distribution is cut into parts of equal probability.
PARTS = (np.arange(4000) + 0.5) / 4000


def critical_value(level: float, share: float, of_seeds: float, of_examples: float) -> float:
    """
    What a two-sided test asks of the statistic: t at the degrees of freedom of seeds and of examples, weighted by their
    shares in the variance (Cochran and Cox 1950, "Experimental Designs").

    # Parameters

    level : `float`
        The level of the test.
    share : `float`
        The share of seeds in the variance, in [0, 1].
    of_seeds, of_examples : `float`
        Degrees of freedom; 0 where there was one, whose share is then 0.
    """
    parts = ((share, of_seeds), (1 - share, of_examples))
    return -sum(weight * float(special.stdtrit(freedom, level / 2)) for weight, freedom in parts if weight)


def p_value(statistic: float, share: float, of_seeds: float, of_examples: float) -> float:
    """The level at which a statistic is just the critical value, at least 1e-100; parameters as of `critical_value`."""

    def excess(logarithm: float) -> float:
        return critical_value(math.exp(logarithm), share, of_seeds, of_examples) - statistic

    least = math.log(LEAST)
    return LEAST if excess(least) <= 0 else math.exp(optimize.brentq(excess, least, 0.0))


def power_of(shift: float, level: float, share: float, of_seeds: float, of_examples: float) -> float:
    """
    The probability that the test finds a difference.

    The statistic is (Z + shift) / sqrt(V / f), Z normal, V chi-square with f degrees of freedom (Satterthwaite's). Of
    seeds alone it is the noncentral t distribution, here as the mean over V of what the normal distribution says: its
    closed forms fail far out, where few seeds put the critical value.

    # Parameters

    shift : `float`
        The true difference in standard errors.
    level, share, of_seeds, of_examples : `float`
        As of `critical_value`.
    """
    return _found(_bounds(level, share, of_seeds, of_examples), shift)


def smallest_difference(level: float, share: float, of_seeds: float, of_examples: float) -> float:
    """The true difference, in standard errors, that is found with power 0.8; parameters as of `critical_value`."""
    # A hundredth of a share changes nothing that is printed, and makes this quick for hundreds of comparisons.
    return _smallest(level, round(share, 2), of_seeds, min(of_examples, 10_000))


@lru_cache(maxsize=10_000)
def _smallest(level: float, share: float, of_seeds: float, of_examples: float) -> float:
    bounds = _bounds(level, share, of_seeds, of_examples)

    def excess(shift: float) -> float:
        return _found(bounds, shift) - POWER

    enough = next(shift for shift in (2.0**step for step in range(1, 60)) if excess(shift) > 0)
    return float(optimize.brentq(excess, 0, enough, xtol=1e-4))


def _bounds(level: float, share: float, of_seeds: float, of_examples: float) -> np.ndarray:
    """What Z has to exceed, for each part of V's distribution. Shape: (number of parts,)"""
    parts = ((share, of_seeds), (1 - share, of_examples))
    freedom = 1 / sum(weight**2 / free for weight, free in parts if weight)
    scatter = np.sqrt(special.chdtri(freedom, 1 - PARTS) / freedom)
    return critical_value(level, share, of_seeds, of_examples) * scatter


def _found(bounds: np.ndarray, shift: float) -> float:
    return float((special.ndtr(shift - bounds) + special.ndtr(-shift - bounds)).mean())
