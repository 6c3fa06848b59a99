"""
Seconds and memory of one meta step, each estimator beside a plain script on `higher` and TorchOpt, side by side.

    python -m benchmarks.meta_step --size mbert --json meta_step.json --picture meta_step.png

On a CPU every measurement is a fresh process; rounds go through all contenders in turn, so that a busy minute of the
machine meets all of them; figures are medians. With `--device cuda` a fresh process measures all contenders of a case,
memory is what torch has allocated on the GPU, and the table opens with the GPU's name. Sizes: mbert (12 layers, width
768, vocabulary 119,547), xlmr (vocabulary 250,002), xlmr-large (24 layers, width 1,024, the same vocabulary), tiny
(minutes). Support and query sets of 8, random weights, dropout on. Linux.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import torch

from benchmarks.meta_step_contenders import CONTENDERS, REFERENCE
from benchmarks.meta_step_sizes import CASES, SIZES

# Case, contender, largest ratio of time, of memory: to the plain script on higher.
TARGETS: list[tuple[str, str, float | None, float | None]] = [
    ("NLI, 1 inner step", "exact", 0.5, 0.5),
    ("NLI, 5 inner steps", "exact, micro-batches of 2", 0.9, 0.25),
    ("QA 8 x 384, 1 inner step", "exact, micro-batches of 2", 0.8, 0.15),
    ("NLI, 1 inner step", "hessian_free", 0.45, 0.4),
    ("NLI, 1 inner step", "first_order", 0.27, 0.25),
    ("NLI, 1 inner step", "first_order, micro-batches of 4", 0.27, 0.25),
]
Figures = dict[str, dict[str, dict[str, float]]]


def run(options: argparse.Namespace) -> Figures:
    """Medians over the rounds, by case and contender; what did not fit in memory has none."""
    outcomes: dict[tuple[str, str], list[dict[str, float]]] = defaultdict(list)
    # A GPU's memory is counted from where a contender begins, so that starting a process for each would only cost time.
    together = options.device != "cpu"
    for case in options.cases:
        for number in range(options.rounds):
            for names in [options.contenders] if together else [[name] for name in options.contenders]:
                for contender, outcome in in_fresh_process(options, case, names):
                    outcomes[case, contender].append(outcome)
                    print(f"{case}, round {number + 1}: {contender}: {said(outcome)}", file=sys.stderr, flush=True)
    medians: Figures = {case: {} for case in options.cases}
    for (case, contender), found in outcomes.items():
        whole = [outcome for outcome in found if "seconds" in outcome]
        if whole:
            medians[case][contender] = {key: statistics.median(outcome[key] for outcome in whole) for key in whole[0]}
    return medians


def said(outcome: dict[str, float]) -> str:
    if "seconds" not in outcome:
        return "does not fit in memory"
    return f"{outcome['seconds']:.4f} s, {outcome['megabytes']:.0f} MB"


def in_fresh_process(
    options: argparse.Namespace, case: str, contenders: list[str]
) -> Iterator[tuple[str, dict[str, float]]]:
    """The outcome of each contender on a case, as it comes."""
    keys = ("size", "repeats", "warm_up", "threads", "device", "processor_time")
    request = {"case": case, "contenders": contenders, **{key: getattr(options, key) for key in keys}}
    environment = {**os.environ, "OMP_NUM_THREADS": str(options.threads)}
    command = [sys.executable, "-m", "benchmarks.meta_step_process", json.dumps(request)]
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            outcome = json.loads(line)
            yield outcome.pop("contender"), outcome
        if process.wait():
            errors.seek(0)
            sys.exit(f"{request}:\n{errors.read()}")


def table(medians: Figures, size: str) -> str:
    """Every case as a table: time and memory, their ratios to the plain script, and the floor of the time."""
    lines = []
    for case in (case for case in CASES if case.name in medians):
        found = medians[case.name]
        lines += ["", f"{case.name}", ""]
        lines += [
            "| | seconds | of higher | peak MB above the model | of higher | floor, seconds | of the time |",
            "|---|---|---|---|---|---|---|",
        ]
        for contender in (each for each in CONTENDERS if each.name in found):
            figures, reference = found[contender.name], found.get(REFERENCE)
            floor = contender.operations(case, SIZES[size]) / figures["rate"]
            ratios = [f"{figures[key] / reference[key]:.2f}" if reference else "" for key in ("seconds", "megabytes")]
            # bfloat16 products have another rate than the one measured.
            lower = ["", ""] if contender.bf16 else [f"{floor:.2g}", f"{floor / figures['seconds']:.2f}"]
            lines.append(
                f"| {contender.name} | {figures['seconds']:.3g} | {ratios[0]} | {figures['megabytes']:.0f} | "
                f"{ratios[1]} | {lower[0]} | {lower[1]} |"
            )
    return "\n".join(lines)


def targets(medians: Figures) -> str:
    """Every target, met or not."""
    lines = [
        "",
        "Targets, stated for the size mbert:",
        "",
        "| target | time | measured | memory | measured | |",
        "|---|---|---|---|---|---|",
    ]
    for case, contender, *limits in TARGETS:
        found, reference = medians.get(case, {}).get(contender), medians.get(case, {}).get(REFERENCE)
        if not found or not reference:
            continue
        ratios = [found[key] / reference[key] for key in ("seconds", "megabytes")]
        met = all(limit is None or ratio <= limit for limit, ratio in zip(limits, ratios, strict=True))
        cells = [
            cell
            for limit, ratio in zip(limits, ratios, strict=True)
            for cell in ("" if limit is None else f"<= {limit}", f"{ratio:.2f}")
        ]
        lines.append(f"| {contender}, {case} | {' | '.join(cells)} | {'met' if met else 'missed'} |")
    return "\n".join(lines)


def draw(medians: Figures, path: Path) -> None:
    """Time against memory, one panel per case."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, len(medians), figsize=(6 * len(medians), 5), squeeze=False)
    for panel, (case, found) in zip(panels[0], medians.items(), strict=True):
        for contender, figures in found.items():
            place = figures["seconds"], figures["megabytes"] / 1000
            panel.scatter(*place)
            panel.annotate(contender, place, fontsize=7, xytext=(4, 4), textcoords="offset points")
        panel.set(title=case, xlabel="seconds per meta step", ylabel="peak GB above the model")
        # Room for the names, on the right and above.
        panel.set_xlim(left=0, right=1.35 * max(figures["seconds"] for figures in found.values()))
        panel.set_ylim(bottom=0, top=1.1 * max(figures["megabytes"] / 1000 for figures in found.values()))
    figure.tight_layout()
    figure.savefig(path, dpi=150)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", choices=SIZES, default="tiny")
    parser.add_argument("--rounds", type=int, default=3, help="fresh processes per contender and case")
    parser.add_argument("--repeats", type=int, default=3, help="meta steps timed in each")
    parser.add_argument("--warm-up", type=int, default=1, help="meta steps before these")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--processor-time", action="store_true", help="count that, beside other work on the machine")
    parser.add_argument("--cases", nargs="*", default=[case.name for case in CASES], help="all by default")
    parser.add_argument("--contenders", nargs="*", default=[each.name for each in CONTENDERS], help="all by default")
    parser.add_argument("--json", type=Path, help="where the figures go")
    parser.add_argument("--picture", type=Path, help="where the picture goes")
    options = parser.parse_args()
    medians = run(options)
    if options.json:
        options.json.write_text(
            json.dumps({"size": options.size, "device": options.device, "medians": medians}, indent=1)
        )
    if options.picture:
        draw(medians, options.picture)
    if options.device == "cuda":
        print(f"\n{torch.cuda.get_device_name()}, torch {torch.__version__}")
    print(table(medians, options.size))
    print(targets(medians))


if __name__ == "__main__":
    main()
