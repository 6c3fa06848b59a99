"""Train and evaluate many related runs through AllenNLP's own commands, each once; lay the scores out as a table."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CONFIGS = Path(__file__).resolve().parents[1] / "training_configs"
# The rate of an inner step that is off: none can be 0, and float32 loses a step as small as this beside a weight.
OFF = 1e-12


def transfer_parser(description: str, data: str, meta_steps: int, one_pass: str) -> argparse.ArgumentParser:
    """The arguments that every transfer benchmark takes; `one_pass` says how many meta steps are a pass over what."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=lambda path: Path(path).resolve(), required=True, help=f"folder of {data}")
    parser.add_argument("--encoder", required=True, help="transformers name or folder")
    parser.add_argument("--output", type=lambda path: Path(path).resolve(), required=True)
    parser.add_argument("--meta-steps", type=int, default=meta_steps, help=one_pass)
    parser.add_argument("--lr", type=float, default=5e-5, help="of the meta step, and of fine-tuning on hi")
    parser.add_argument("--alpha", type=float, default=1e-5, help="rate of the inner step")
    parser.add_argument("--estimator", default="first_order", help="inner_loop.type")
    parser.add_argument("--precision", choices=["float32", "bf16"], default="float32", help="of every training")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="of stage 2")
    parser.add_argument("--own-stage-one", action="store_true", help="stage 1 with every seed, not once with seed 0")
    parser.add_argument("--cuda-device", type=int, default=-1, help="the GPU of every run (-1: the CPU)")
    parser.add_argument("--keep-predictions", action="store_true", help="of every test example, for benchmarks.compare")
    parser.add_argument("--jobs", type=int, default=1, help="runs at a time")
    parser.add_argument("--only", default="", help="regular expression of the rows to run")
    return parser


def stage_one_seed(options: argparse.Namespace, seed: int) -> int:
    """The seed of the stage 1 that stage 2 with this seed goes on from."""
    return seed if options.own_stage_one else 0


def stage_one_seeds(options: argparse.Namespace) -> list[int]:
    return sorted({stage_one_seed(options, seed) for seed in options.seeds})


def finetuning(options: argparse.Namespace, paths: Mapping[str, Path], *more: str) -> str:
    """Jsonnet of fine-tuning on all files of {language: path}, shuffled together, with the meta step's optimizer."""
    data = json.dumps({language: str(path) for language, path in paths.items()})
    tuned = f"{{ train_data_path: {data}, trainer+: {{ optimizer+: {{ weight_decay: 0.01 }} }} }}"
    return changes(options, *more, tuned, episodes=False)


def changes(options: argparse.Namespace, *more: str, episodes: bool = True) -> str:
    """
    Jsonnet that sets the precision and the device, and adds `more`.

    The `meta` trainer trains ordinary batches as the stock one does, but knows of bfloat16.
    """
    trainer = f"precision: '{options.precision}', cuda_device: {options.cuda_device}"
    trainer += "" if episodes else ", type: 'meta', inner_loop: 'first_order'"
    return " + ".join([*more, f"{{ trainer+: {{ {trainer} }} }}"])


@dataclass(frozen=True)
class Run:
    """
    One training: a config of training_configs/ called with `arguments`, then `changes` (a Jsonnet object) on top.

    Runs that share a `row` are seeds of one row of the table.
    """

    row: str
    config: str
    arguments: dict[str, Any] = field(default_factory=dict)
    changes: str = "{}"

    @property
    def folder(self) -> str:
        slug = "".join(c if c.isalnum() else "-" for c in self.row.lower()).strip("-")
        return f"{slug}.seed{self.arguments.get('seed', 0)}"

    def jsonnet(self) -> str:
        arguments = ", ".join(f"{key}={json.dumps(value)}" for key, value in self.arguments.items())
        return f"(import {json.dumps(str(CONFIGS / self.config))})({arguments}) + {self.changes}\n"


class Bench:
    """
    A folder of finished runs. What is done is not done again, so a stopped benchmark goes on where it stopped.

    # Parameters

    options : `argparse.Namespace`
        Of `transfer_parser`: `output`, where configs, archives, metrics and logs go; `jobs`, runs at a time, among
        which the machine's cores are shared out; `cuda_device` and `keep_predictions`.
    tests : `Mapping[str, str]`
        What every archive is evaluated on, by name: what `allennlp evaluate` takes as input, a path or a JSON mapping.
    """

    def __init__(self, options: argparse.Namespace, tests: Mapping[str, str]) -> None:
        self.output, self.tests, self.jobs = options.output, tests, options.jobs
        self.cuda_device, self.keep_predictions = options.cuda_device, options.keep_predictions
        self.output.mkdir(parents=True, exist_ok=True)

    def archive(self, run: Run) -> Path:
        return self.output / run.folder / "model.tar.gz"

    def metrics(self, run: Run, test: str) -> dict[str, float]:
        scores: dict[str, float] = json.loads(self._scores(run, test).read_text())
        return scores

    def is_finished(self, run: Run) -> bool:
        config = self.output / f"{run.folder}.jsonnet"
        is_scored = all(self._scores(run, test).exists() for test in self.tests)
        return is_scored and config.read_text() == run.jsonnet()

    def _scores(self, run: Run, test: str) -> Path:
        return self.output / f"{run.folder}.{test}.json"

    def finish(self, runs: Sequence[Run]) -> None:
        """Trains and evaluates what is missing of `runs`, `jobs` at a time."""
        at_once = max(1, min(self.jobs, len(runs)))
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(lambda run: self._finish_one(run, max(1, (os.cpu_count() or 1) // at_once)), runs))

    def _finish_one(self, run: Run, threads: int) -> None:
        if self.is_finished(run):
            return
        started = time.monotonic()
        for test in self.tests:
            self._scores(run, test).unlink(missing_ok=True)
        config = self.output / f"{run.folder}.jsonnet"
        config.write_text(run.jsonnet())
        self._allennlp(run, threads, "train", str(config), "-s", str(self.output / run.folder), "--force")
        for test, data in self.tests.items():
            self._evaluate(run, threads, test, data)
        print(f"{run.folder}: {(time.monotonic() - started) / 60:.1f} min", file=sys.stderr, flush=True)

    def _evaluate(self, run: Run, threads: int, test: str, data: str) -> None:
        scores = self._scores(run, test)
        partial = scores.with_suffix(".partial")
        where = ["--cuda-device", str(self.cuda_device), "--output-file", str(partial)]
        if self.keep_predictions:
            where += ["--predictions-output-file", str(scores.with_suffix(".predictions.jsonl"))]
        self._allennlp(run, threads, "evaluate", str(self.archive(run)), data, *where)
        partial.rename(scores)

    def _allennlp(self, run: Run, threads: int, *arguments: str) -> None:
        log = self.output / f"{run.folder}.{arguments[0]}.log"
        with log.open("w") as sink:
            done = subprocess.run(
                [sys.executable, "-m", "xlamaml_allennlp", *arguments, "--file-friendly-logging"],
                stdout=sink,
                stderr=subprocess.STDOUT,
                cwd=CONFIGS.parent,
                env={**os.environ, "OMP_NUM_THREADS": str(threads), "TOKENIZERS_PARALLELISM": "false"},
            )
        if done.returncode:
            tail = "\n".join(log.read_text().splitlines()[-15:])
            raise SystemExit(f"{run.folder}: allennlp {arguments[0]} failed; the end of {log}:\n{tail}")


def table(bench: Bench, runs: Iterable[Run], test: str, metric: str, scale: float = 1.0) -> str:
    """
    A Markdown table of the finished runs' scores on one test, times `scale`: a line per row, a column per language and
    their mean; mean and standard deviation where a row has several seeds.
    """
    rows: dict[str, list[dict[str, float]]] = {}
    for run in filter(bench.is_finished, runs):
        rows.setdefault(run.row, []).append(bench.metrics(run, test))
    prefix = f"{metric}/"
    first = next(iter(rows.values()))[0]
    columns = [*sorted(key for key in first if key.startswith(prefix) and key != f"{prefix}mean"), f"{prefix}mean"]
    lines = ["| | " + " | ".join(c.removeprefix(prefix) for c in columns) + " | seeds |"]
    lines.append("|---" * (len(columns) + 2) + "|")
    for row, seeds in rows.items():
        cells = [_cell([scale * scores[column] for scores in seeds]) for column in columns]
        lines.append(f"| {row} | " + " | ".join(cells) + f" | {len(seeds)} |")
    return "\n".join(lines)


def _cell(values: list[float]) -> str:
    mean = f"{statistics.mean(values):.1f}"
    return mean if len(values) == 1 else f"{mean} ± {statistics.stdev(values):.1f}"
