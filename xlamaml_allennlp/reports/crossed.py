"""Whether two methods differ, as far as a few seeds and many examples can tell."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Optional

import numpy as np

from xlamaml_allennlp.reports.power import LEVEL, critical_value, p_value, smallest_difference

BOTH, EXAMPLES, SEEDS = "seeds and examples", "examples only", "seeds only"


@dataclass(frozen=True)
class Effect:
    """
    A mean difference, and how sure it is. Differences are in the unit of what was given.

    # Parameters

    difference : `float`
        The mean over seeds of the mean over targets of the mean over examples.
    error : `float`
        Its standard error.
    share : `float`
        The share of seeds in the square of that; the rest is that of examples.
    seeds, clusters, examples : `int`
        How many of each there were.
    over : `str`
        What the result speaks of beyond the runs that were made: other seeds and examples, or one of these only.
    """

    difference: float
    error: float
    share: float
    seeds: int
    clusters: int
    examples: int
    over: str

    @cached_property
    def p(self) -> float:
        """Of the hypothesis that there is no difference, two-sided."""
        # Two methods of which no prediction differs do not differ.
        return p_value(abs(self.difference) / self.error, *self._scatter) if self.error else float(not self.difference)

    @cached_property
    def interval(self) -> tuple[float, float]:
        """The ends of the 95 % interval."""
        half = critical_value(LEVEL, *self._scatter) * self.error
        return self.difference - half, self.difference + half

    def smallest(self, level: float = LEVEL) -> float:
        """The true difference that such a study would find with power 0.8, at a level."""
        return smallest_difference(level, *self._scatter) * self.error

    @property
    def _scatter(self) -> tuple[float, int, int]:
        return self.share, self.seeds - 1, self.clusters - 1


def effect_of(differences: np.ndarray, clusters: np.ndarray, targets: Optional[np.ndarray] = None) -> Optional[Effect]:
    """
    Tests a mean difference, with seeds and examples both drawn at random: they are crossed, since every seed is tried
    on every example.

    A method's claim is about other seeds and other examples than those at hand, so both must count. A test over
    examples alone (McNemar, a paired bootstrap or permutation: Dror et al. 2018, "The Hitchhiker's Guide to Testing
    Statistical Significance in NLP") speaks of two trained models, and calls any two seeds of one method different
    methods. A test over seeds alone speaks of these examples only, and with three to five seeds neither a permutation
    test (no p below 2/8, 2/32) nor a bootstrap over seeds (too few to draw from; Ulmer et al. 2022,
    "deep-significance") is of use. So this is the mixed model

        d_se = delta + a_s + b_e + r_se,      Var(mean d) = (MS_seed + MS_example - MS_rest) / (S E),

    with seeds and examples as crossed random effects (Clark 1973; Baayen et al. 2008), estimated by mean squares: what
    REML gives where every seed has every example, in a closed form. In radiology the same design, a few readers of many
    cases, is tested so (Dorfman, Berbaum and Metz 1992; Hillis 2007). The statistic is compared with Student's t at
    S - 1 and at E - 1 degrees of freedom, weighted by the shares of seeds and of examples in the variance (Cochran and
    Cox 1950). Satterthwaite's degrees of freedom, which radiology takes, find differences that are not there in 8
    studies of 100 with three seeds and in 13 with two, because seeds that lie close to each other by chance pass for
    proof that seeds do not matter; this errs the other way, and finds 2 to 6 (benchmarks/significance.py). Without
    differences between seeds the test becomes the paired t-test over examples, without differences between examples
    that over seeds.

    Examples that depend on each other, such as hypotheses of one premise, questions of one paragraph and translations,
    are one cluster: E is the number of clusters, and residuals within one are summed before squaring, as in
    `xlamaml_allennlp.languages.interval`. MS_example - MS_rest below zero counts as zero, and the sum is at least
    MS_rest.

    With one seed the result is about these models (`EXAMPLES`), with one cluster about these examples (`SEEDS`).

    # Parameters

    differences : `np.ndarray`
        The score of one method less that of the other. Shape: (num_seeds, num_examples)
    clusters : `np.ndarray`
        The cluster of each example, from 0 on. Shape: (num_examples,)
    targets : `Optional[np.ndarray]`, optional (default = `None`)
        The target of each example, from 0 on; every target weighs the same. `None`: they are of one. Shape:
        (num_examples,)

    # Returns

    `Optional[Effect]`
        `None` if there is one seed and one cluster, which tell nothing.
    """
    seeds, examples = differences.shape
    of = np.zeros(examples, dtype=int) if targets is None else targets
    counts = np.bincount(of)
    weights = 1 / (len(counts) * counts[of])
    # Shape: (num_seeds, num_targets)
    means = np.stack([np.bincount(of, row) / counts for row in differences])
    number = int(clusters.max()) + 1
    # Shape: (num_seeds, num_clusters); each row sums to zero
    residuals = np.stack(
        [
            number * np.bincount(clusters, weights * (row - mean[of]))
            for row, mean in zip(differences, means, strict=True)
        ]
    )
    found = _variance(means.mean(axis=1), residuals)
    if found is None:
        return None
    variances, over = found
    total = sum(variances)
    share = variances[0] / total if total else float(number == 1)
    return Effect(float(means.mean()), math.sqrt(total), share, seeds, number, examples, over)


def _variance(means: np.ndarray, residuals: np.ndarray) -> Optional[tuple[tuple[float, float], str]]:
    """The variance of the mean that seeds and that examples make, and over what."""
    seeds, clusters = residuals.shape
    if seeds == 1 and clusters == 1:
        return None
    if clusters == 1:
        return (float(means.var(ddof=1)) / seeds, 0.0), SEEDS
    if seeds == 1:
        return (0.0, float(np.square(residuals).sum()) / (clusters * (clusters - 1))), EXAMPLES
    by_cluster = residuals.mean(axis=0)
    of_seed = clusters * float(means.var(ddof=1))
    of_cluster = seeds * float(np.square(by_cluster).sum()) / (clusters - 1)
    of_rest = float(np.square(residuals - by_cluster).sum()) / ((seeds - 1) * (clusters - 1))
    # Less than what is left over would be chance: of seeds that lie close to each other, in a small test set.
    of_examples = max(of_cluster - of_rest, of_rest - of_seed, 0.0)
    return (of_seed / (seeds * clusters), of_examples / (seeds * clusters)), BOTH
