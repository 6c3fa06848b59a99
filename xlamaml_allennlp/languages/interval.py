"""Means with confidence intervals that know of translations."""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np

CONFIDENCE = 0.95


class Estimate(NamedTuple):
    """A mean and the ends of its confidence interval, all in [0, 1]."""

    mean: float
    low: float
    high: float


def mean_over_examples(values: np.ndarray, clusters: np.ndarray) -> Estimate:
    """
    The mean over examples.

    # Parameters

    values : `np.ndarray`
        A value in [0, 1] per example, at least one. Shape: (num_examples,)
    clusters : `np.ndarray`
        What each example belongs to, as text. Those of one cluster, such as translations of each other, may depend on
        each other. Shape: (num_examples,)
    """
    return _estimate(values, np.full(len(values), values.mean()), np.full(len(values), 1 / len(values)), clusters)


def mean_over_languages(values: np.ndarray, languages: np.ndarray, clusters: np.ndarray) -> Estimate:
    """The mean of the languages' means; parameters as of `mean_over_examples`, and the language of each example."""
    names, of, counts = np.unique(languages, return_inverse=True, return_counts=True)
    means = np.bincount(of, values) / counts
    return _estimate(values, means[of], 1 / (len(names) * counts[of]), clusters)


def _estimate(values: np.ndarray, centres: np.ndarray, weights: np.ndarray, clusters: np.ndarray) -> Estimate:
    """
    Wilson's score interval on the effective number of examples.

    With m = sum_i w_i x_i, the variance of m is estimated by summing residuals within a cluster c before squaring,

        V = sum_c (sum_{i in c} w_i (x_i - centre_i))^2,

    the linearized variance of cluster sampling (Cochran 1977, section 11; for evaluations Miller 2024, "Adding Error
    Bars to Evals"). n = m (1 - m) / V is how many independent yes-or-no examples would tell as much; it takes the
    place of n in Wilson's interval (Wilson 1927), as in surveys (Franco et al. 2019). Of independent examples that are
    right or wrong, n is their number, and the interval Wilson's own. Unlike m +- 1.96 sqrt(V) it stays within [0, 1],
    and has a width where all are right or all wrong: there n is 1 / sum_c (sum_{i in c} w_i)^2 (Kish 1965), the number
    of clusters where all are of one size. A language of a few examples, all right or all wrong, adds no variance to a
    mean over languages: intervals are for tens of examples and more.
    """
    of = np.unique(clusters, return_inverse=True)[1]
    mean = float(min(max(weights @ values, 0.0), 1.0))
    variance = float(np.square(np.bincount(of, weights * (values - centres))).sum())
    spread = mean * (1 - mean)
    # What rounding leaves of zero is zero.
    if variance > 1e-12 * spread > 0:
        number = spread / variance
    else:
        number = 1 / float(np.square(np.bincount(of, weights)).sum())
    return Estimate(mean, *_wilson(mean, number))


def _wilson(mean: float, number: float) -> tuple[float, float]:
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    shrinkage = 1 + z**2 / number
    centre = (mean + z**2 / (2 * number)) / shrinkage
    half = z / shrinkage * (mean * (1 - mean) / number + z**2 / (4 * number**2)) ** 0.5
    return max(centre - half, 0.0), min(centre + half, 1.0)
