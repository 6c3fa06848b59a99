"""
Compares the rows of a transfer benchmark that were run with the same seeds, pair by pair.

    python -m benchmarks.compare OUT --pair fine-tuning-on-hi baseline--english-only --pair xla-maml fine-tuning-on-hi

OUT is the benchmark's folder, and a row is named as its files there are. Of each pair, over the seeds that both have:
the mean difference of the languages' mean score, in points; its 95 % interval and p by Student's t; p corrected by
Holm for all pairs asked for; the deviation of the differences; the smallest true difference that as many seeds,
deviating so, would find with power 0.8 (two-sided at 0.05). Where the benchmark ran with --keep-predictions, also how
many predictions differ, seed by seed.
"""

import argparse
import json
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scipy import optimize, stats

LEVEL, POWER = 0.05, 0.8


@dataclass(frozen=True)
class Paired:
    """What the differences of two rows, seed by seed, say."""

    differences: Sequence[float]

    @property
    def mean(self) -> float:
        return statistics.mean(self.differences)

    @property
    def deviation(self) -> float:
        return statistics.stdev(self.differences)

    @property
    def error(self) -> float:
        return self.deviation / math.sqrt(len(self.differences))

    @property
    def freedom(self) -> int:
        return len(self.differences) - 1

    def interval(self) -> tuple[float, float]:
        half = float(stats.t.ppf(1 - LEVEL / 2, self.freedom)) * self.error
        return self.mean - half, self.mean + half

    def p(self) -> float:
        return float(2 * stats.t.sf(abs(self.mean) / self.error, self.freedom))

    def smallest_difference(self) -> float:
        """The true difference that a study of as many seeds, which deviate as these do, finds with power 0.8."""
        critical = stats.t.ppf(1 - LEVEL / 2, self.freedom)

        def excess(shift: float) -> float:
            return float(stats.nct.sf(critical, self.freedom, shift)) - POWER

        # Beyond where it is needed the noncentral t is not a number.
        enough = next(shift for shift in (2.0**step for step in range(6)) if excess(shift) > 0)
        return float(optimize.brentq(excess, enough / 2, enough)) * self.error


def holm(values: Sequence[float]) -> list[float]:
    """The p values of a family of comparisons, corrected by Holm."""
    corrected, largest = [0.0] * len(values), 0.0
    for rank, place in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        largest = max(largest, min(1.0, (len(values) - rank) * values[place]))
        corrected[place] = largest
    return corrected


def scores(folder: Path, row: str, test: str, metric: str) -> dict[int, float]:
    """{seed: score} of a row."""
    found = {}
    for path in folder.glob(f"{row}.seed*.{test}.json"):
        found[int(path.name.removeprefix(f"{row}.seed").split(".")[0])] = json.loads(path.read_text())[metric]
    if not found:
        raise SystemExit(f"{folder} has no scores of {row} on {test}: {row}.seed0.{test}.json and the like.")
    return dict(sorted(found.items()))


def predictions(path: Path) -> dict[tuple[str, str], str]:
    """{(language, id): prediction}, as `evaluate` wrote them."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {(line["language"], line["id"]): line["prediction"] for line in lines}


def differing(folder: Path, rows: Iterable[str], test: str, seed: int) -> str:
    """How many predictions of two rows with one seed differ; "" where they were not kept."""
    paths = [folder / f"{row}.seed{seed}.{test}.predictions.jsonl" for row in rows]
    if not all(path.exists() for path in paths):
        return ""
    first, second = map(predictions, paths)
    return f"{sum(second[example] != prediction for example, prediction in first.items()):,}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path, help="the benchmark's --output")
    parser.add_argument("--pair", nargs=2, action="append", required=True, metavar="ROW", help="first minus second")
    parser.add_argument("--test", default="xnli")
    parser.add_argument("--metric", default="accuracy/mean")
    parser.add_argument("--scale", type=float, default=100, help="what makes points of the metric (1 for EM and F1)")
    options = parser.parse_args()

    pairs, shared = [], []
    for rows in options.pair:
        one, other = (scores(options.output, row, options.test, options.metric) for row in rows)
        shared.append([seed for seed in one if seed in other])
        if len(shared[-1]) < 3:
            raise SystemExit(f"{' and '.join(rows)} share {len(shared[-1])} seeds; a comparison takes at least 3.")
        pairs.append(Paired([options.scale * (one[seed] - other[seed]) for seed in shared[-1]]))
    print("| | seeds | difference | 95 % interval | p | p, Holm | deviation | smallest found | other predictions |")
    print("|---|---|---|---|---|---|---|---|---|")
    for rows, seeds, pair, corrected in zip(
        options.pair, shared, pairs, holm([pair.p() for pair in pairs]), strict=True
    ):
        low, high = pair.interval()
        counts = ", ".join(filter(None, (differing(options.output, rows, options.test, seed) for seed in seeds)))
        print(
            f"| {' - '.join(rows)} | {len(seeds)} | {pair.mean:+.2f} | {low:+.2f} to {high:+.2f} | {pair.p():.2g} "
            f"| {corrected:.2g} | {pair.deviation:.2f} | {pair.smallest_difference():.2f} | {counts} |"
        )


if __name__ == "__main__":
    main()
