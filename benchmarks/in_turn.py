"""Contenders that take turns in fresh processes, so that a busy minute of the machine meets all of them."""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ONE_THREAD = {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
Figures = dict[str, float]


def main(
    module: str,
    contenders: Mapping[str, Callable[[argparse.Namespace], Figures]],
    parser: argparse.ArgumentParser,
    show: Sequence[str],
) -> None:
    """
    Measures every contender and prints a table of medians, and of the medians of the ratios to the first contender.

    # Parameters

    module : `str`
        The script's name, as after `python -m`.
    contenders : `Mapping[str, Callable[[argparse.Namespace], Figures]]`
        By the name of a row, what does the work and returns its figures.
    parser : `argparse.ArgumentParser`
        Of the script's own options.
    show : `Sequence[str]`
        The figures that make columns, each with its ratio.
    """
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each contender (default: 3)")
    parser.add_argument("--measure", choices=list(contenders), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print("\n" + json.dumps(contenders[options.measure](options)))
        return
    runs: dict[str, list[Figures]] = {name: [] for name in contenders}
    for number in range(options.rounds):
        for name, done in runs.items():
            done.append(_apart(module, name))
            told = ", ".join(f"{key} {value:.4g}" for key, value in done[-1].items())
            print(f"{number + 1}/{options.rounds} {name}: {told}", file=sys.stderr, flush=True)
    print("| | " + " | ".join(f"{key} | ratio" for key in show) + " |\n" + "|---" * (1 + 2 * len(show)) + "|")
    first = next(iter(runs.values()))
    for name, done in runs.items():
        cells = []
        for key in show:
            ratios = [run[key] / beside[key] for run, beside in zip(done, first, strict=True)]
            cells += [f"{statistics.median(run[key] for run in done):.4g}", f"{statistics.median(ratios):.2f}"]
        print(f"| {name} | {' | '.join(cells)} |")


def _apart(module: str, name: str) -> Figures:
    output = subprocess.check_output(
        [sys.executable, "-m", module, *sys.argv[1:], "--measure", name],
        env={**os.environ, **ONE_THREAD},
        text=True,
        cwd=Path(__file__).parents[1],
    )
    figures: Figures = json.loads(output.splitlines()[-1])
    return figures
