"""
Measures the significance test of reports (xlamaml_allennlp/reports/crossed.py) on made-up differences whose truth is
known: how often it finds a difference where there is none, and where there is one that it says it would find.

    python -m benchmarks.significance [--studies 4000] [--examples 600]

The differences are delta + seed + cluster + example + rest. A line per number of seeds and deviation of seeds, in
standard errors of the mean over examples: 0 is seeds that do not matter, 1 as much as the examples, 3 far more. In the
other columns is what three tests find where there is nothing, at 0.05: this one, a paired t-test over the examples of
all seeds, and one over examples with seeds averaged, as a bootstrap would; and the power of this one where the
difference is the smallest that the design finds with power 0.8.
"""

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from xlamaml_allennlp.reports.crossed import effect_of
from xlamaml_allennlp.reports.power import LEVEL, smallest_difference

# Examples of one cluster, as hypotheses of one premise.
PER_CLUSTER = 3


@dataclass(frozen=True)
class Truth:
    """
    How differences scatter.

    # Parameters

    seeds, examples : `int`
        How many.
    seed : `float`
        The deviation of seeds.
    cluster, example, rest : `float`, optional
        The deviations of clusters, of examples in one, and of examples by seed.
    """

    seeds: int
    examples: int
    seed: float
    cluster: float = 10.0
    example: float = 20.0
    rest: float = 20.0

    @property
    def error_over_examples(self) -> float:
        """The standard error of the mean that examples alone make."""
        of_example = self.example**2 + PER_CLUSTER * self.cluster**2
        return math.sqrt((of_example + self.rest**2 / self.seeds) / self.examples)

    @property
    def error(self) -> float:
        """The standard error of the mean."""
        return math.sqrt(self.error_over_examples**2 + self.seed**2 / self.seeds)

    @property
    def scatter(self) -> tuple[float, int, int]:
        """The share of seeds in the variance of the mean, and degrees of freedom."""
        of_seeds = self.seed**2 / self.seeds + self.rest**2 / (self.seeds * self.examples)
        return of_seeds / self.error**2, self.seeds - 1, self.examples // PER_CLUSTER - 1

    def smallest(self) -> float:
        """The difference that should be found with power 0.8."""
        return smallest_difference(LEVEL, *self.scatter) * self.error

    def clusters(self) -> np.ndarray:
        """Shape: (examples,)"""
        return np.arange(self.examples) // PER_CLUSTER

    def draw(self, rng: np.random.Generator, difference: float) -> np.ndarray:
        """One study's differences. Shape: (seeds, examples)"""
        of_seed = rng.normal(0, self.seed, (self.seeds, 1))
        of_cluster = rng.normal(0, self.cluster, self.examples // PER_CLUSTER)[self.clusters()]
        of_example = rng.normal(0, self.example, self.examples)
        rest = rng.normal(0, self.rest, (self.seeds, self.examples))
        return difference + of_seed + of_cluster + of_example + rest


def rate(truth: Truth, difference: float, studies: int, seed: int = 0) -> float:
    """In which share of studies a difference is found."""
    rng = np.random.default_rng(seed)
    effects = (effect_of(truth.draw(rng, difference), truth.clusters()) for _ in range(studies))
    return sum(effect is not None and not effect.interval[0] < 0 < effect.interval[1] for effect in effects) / studies


def rates_of_others(truth: Truth, studies: int, seed: int = 0) -> tuple[float, float]:
    """How often tests over all examples of all seeds, and over examples, find what is not there."""
    rng = np.random.default_rng(seed)
    found = np.zeros(2)
    for _ in range(studies):
        drawn = truth.draw(rng, 0.0)
        found += [stats.ttest_1samp(values, 0.0).pvalue < LEVEL for values in (drawn.ravel(), drawn.mean(axis=0))]
    return float(found[0] / studies), float(found[1] / studies)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--studies", type=int, default=4000)
    parser.add_argument("--examples", type=int, default=600, help="a multiple of 3")
    options = parser.parse_args(arguments)
    print("| seeds | deviation of seeds | this test | all examples of all seeds | examples | power |")
    print("|---|---|---|---|---|---|")
    for seeds in (2, 3, 5, 10):
        for deviation in (0.0, 1.0, 3.0):
            of_examples = Truth(seeds, options.examples, 0.0).error_over_examples
            truth = Truth(seeds, options.examples, deviation * of_examples)
            nothing = rate(truth, 0.0, options.studies)
            others = rates_of_others(truth, options.studies)
            power = rate(truth, truth.smallest(), options.studies, seed=1)
            cells = (f"{value:.3f}" for value in (nothing, *others, power))
            print(f"| {seeds} | {deviation:g} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
