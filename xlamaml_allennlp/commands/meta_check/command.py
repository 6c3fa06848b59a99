"""The subcommand: builds the reference in this process, and measures every estimator in one of its own."""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from allennlp.commands.subcommand import Subcommand
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.commands.at_least_one import at_least_one
from xlamaml_allennlp.commands.meta_check.estimators import OTHERS, Estimator, estimators, settings
from xlamaml_allennlp.commands.meta_check.memory import let_go_of_gpus
from xlamaml_allennlp.commands.meta_check.reference import Reference, reference_of
from xlamaml_allennlp.commands.meta_check.report import LEGEND, Row, Table, advice, opening, verdict
from xlamaml_allennlp.commands.meta_check.subject import build
from xlamaml_allennlp.commands.meta_check.traps import traps_of_config, traps_of_model
from xlamaml_allennlp.files.identity import is_read

TOLERANCE = 1e-2
DOUBTFUL = 1e-4
"""Where `exact` in float64 and finite differences differ by more, the loss is not what autograd differentiates."""


@Subcommand.register("meta-check")
class MetaCheck(Subcommand):
    """
    Compares the estimators of the meta-gradient on the model and the first episodes of a config.

    Registered as a `Subcommand` with name "meta-check": `allennlp meta-check CONFIG`.
    """

    def add_subparser(self, parser: argparse._SubParsersAction) -> argparse.ArgumentParser:
        about = "Check the meta-gradient of a config: error, time and memory of each estimator on its own model."
        command = parser.add_parser(self.name, description=about, help=about)
        command.add_argument("param_path", help="a config of meta-training")
        command.add_argument(
            "-o", "--overrides", default="", help="a JSON structure that overrides parts of the config"
        )
        command.add_argument("--episodes", type=at_least_one, default=2, help="episodes that are compared (default: 2)")
        command.add_argument("--repeats", type=at_least_one, default=3, help="meta steps that are timed (default: 3)")
        command.add_argument(
            "--tolerance", type=float, default=TOLERANCE,
            help=f"largest relative error of the configured estimator (default: {TOLERANCE:g}); beyond it, exit code 1",
        )  # fmt: skip
        command.add_argument(
            "--estimators", nargs="*", choices=list(OTHERS), default=list(OTHERS), help="to compare with (default: all)"
        )
        command.add_argument(
            "--precisions", nargs="*", choices=["float32", "bf16"], default=[],
            help="of the others (default: float32 and what is configured)",
        )  # fmt: skip
        command.add_argument("--json", type=Path, help="a file for the figures")
        command.set_defaults(func=run)
        return command


def run(args: argparse.Namespace) -> None:
    """
    Prints the verdict, a line per estimator as soon as it is measured, and the advice. Exits with 1 if the configured
    estimator is beyond the tolerance.
    """
    if not 0 < args.tolerance < math.inf:
        raise ConfigurationError(f"--tolerance is {args.tolerance}; it must be a finite number above 0.")
    if args.json and (is_read(str(args.json), args.param_path) or not args.json.parent.is_dir()):
        raise ConfigurationError(f"--json: {args.json} is the config, or lies in no folder. Give another file.")
    params = Params.from_file(args.param_path, args.overrides).as_dict(quiet=True)
    if "inner_loop" not in params.get("trainer", {}):
        raise ConfigurationError(
            'trainer.inner_loop is missing: meta-check is for configs whose trainer.type is "meta".'
        )
    if isinstance(params["trainer"]["inner_loop"], str):
        params["trainer"]["inner_loop"] = {"type": params["trainer"]["inner_loop"]}
    with tempfile.TemporaryDirectory() as folder:
        references, traps, size = _references(params, args.episodes, Path(folder))
        let_go_of_gpus()
        own, *others = estimators(params["trainer"], args.estimators, args.precisions)
        table = Table([own, *others])
        rows = [_measured(own, params, references, args, Path(folder))]
        problem = verdict(rows, traps, args.tolerance)
        _say("\n".join(["", opening(rows, problem, args.tolerance), *(f"Trap: {trap}" for trap in traps), ""]))
        _say(f"{table.head()}\n{table.line(rows[0])}")
        for each in others:
            rows.append(_measured(each, params, references, args, Path(folder)))
            _say(table.line(rows[-1]))
    _say(f"\n{advice(rows, size, args.tolerance)}\n\n{LEGEND}")
    if args.json:
        figures = {"second_order": size, "traps": traps, "rows": [row.figures() for row in rows], "problem": problem}
        args.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    if problem:
        sys.exit(f"\n{problem}")


def _references(params: Mapping[str, Any], count: int, folder: Path) -> tuple[list[Path], list[str], float]:
    """Where the references are kept, the traps, and the largest relative size of the second-order term."""
    traps = list(traps_of_config(params))
    (folder / "reference").mkdir()
    plain = {**params, "trainer": {**params["trainer"], "precision": None}}
    subject = build(plain, str(folder / "reference"))
    keys = settings(params["trainer"]["inner_loop"])
    paths, sizes = [], []
    episodes = subject.doubled(count)
    traps += traps_of_model(subject.model, episodes[0][0])
    for number, (support, query) in enumerate(episodes):
        reference = reference_of(subject.model, support, query, keys)
        traps += _doubts(reference, number)
        sizes.append(reference.size_of_second_order)
        paths.append(folder / f"reference-{number}.pt")
        reference.save(paths[-1])
    return paths, traps, max(sizes)


def _doubts(reference: Reference, number: int) -> list[str]:
    own = reference.errors(reference.gradient, {})
    if own["slope"] <= DOUBTFUL:
        return []
    return [
        f"In episode {number + 1} the exact meta-gradient and a finite difference of the meta-objective differ by "
        f"{own['slope']:.2g}, both in float64: the loss is not what autograd differentiates (something is detached, "
        "kept between passes, or a step function)."
    ]


def _measured(
    estimator: Estimator, params: Mapping[str, Any], references: Sequence[Path], args: argparse.Namespace, folder: Path
) -> Row:
    request, outcome = folder / "request.json", folder / "outcome.json"
    outcome.unlink(missing_ok=True)
    content = {
        "params": estimator.variant(params),
        "references": [str(path) for path in references],
        "repeats": args.repeats,
        "include_package": list(args.include_package),
        "output": str(outcome),
    }
    request.write_text(json.dumps(content), encoding="utf-8")
    module = "xlamaml_allennlp.commands.meta_check.measurement"
    environment = {**os.environ, "OMP_NUM_THREADS": str(torch.get_num_threads())}
    finished = subprocess.run(
        [sys.executable, "-m", module, str(request)], env=environment, capture_output=True, text=True, check=False
    )
    if finished.returncode:
        return Row(estimator, failure=_reason(finished.stderr))
    return Row(estimator, **json.loads(outcome.read_text(encoding="utf-8")))


def _reason(errors: str) -> str:
    if "can't allocate memory" in errors or "out of memory" in errors:
        return "does not fit in memory"
    lines = errors.strip().splitlines() or ["it stopped without a word"]
    return lines[-1][:300]


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()  # the next line takes a while
