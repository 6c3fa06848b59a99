"""The subcommand: shows a run's episodes, replays one of its steps, or compares it with another run."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from allennlp.commands.subcommand import Subcommand
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.commands.episodes.difference import compare
from xlamaml_allennlp.commands.episodes.recorded_run import RecordedRun
from xlamaml_allennlp.commands.episodes.replay import replay
from xlamaml_allennlp.commands.episodes.report import say_comparison, say_replay
from xlamaml_allennlp.commands.episodes.summary import Summary
from xlamaml_allennlp.commands.episodes.tables import say_summary
from xlamaml_allennlp.provenance import gaps


@Subcommand.register("episodes")
class Episodes(Subcommand):
    """
    Tells what a run of meta-training was made of, from the ledger in its folder.

    Registered as a `Subcommand` with name "episodes": `allennlp episodes RUN`.
    """

    def add_subparser(self, parser: argparse._SubParsersAction) -> argparse.ArgumentParser:
        about = "Show the episodes of a run of meta-training, replay a step, or find where two runs differ."
        command = parser.add_parser(self.name, description=about, help=about)
        command.add_argument("folder", metavar="RUN", type=Path, help="the folder of the run")
        task = command.add_mutually_exclusive_group()
        task.add_argument(
            "--step",
            type=int,
            help="replay this meta step (from 1) and confirm its losses; exit code 1 if they differ",
        )
        task.add_argument(
            "--compare", metavar="OTHER", type=Path,
            help="find the first episode in which two runs differ; exit code 1 if there is one",
        )  # fmt: skip
        command.add_argument(
            "-o", "--overrides", default="", help="a JSON structure that overrides parts of the config of a replay"
        )
        command.add_argument("--json", type=Path, help="a file for the figures")
        command.set_defaults(func=run)
        return command


def run(args: argparse.Namespace) -> None:
    """Does what the arguments ask for. An error is one message, with exit code 1."""
    try:
        figures, fails = _answer(args)
        if args.json:
            args.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    except (ConfigurationError, OSError) as error:
        sys.exit(f"{error}")
    if fails:
        sys.exit(1)


def _answer(args: argparse.Namespace) -> tuple[dict[str, Any], bool]:
    """The figures, and whether they are no good news."""
    recorded = RecordedRun.at(args.folder)
    if args.overrides and args.step is None:
        raise ConfigurationError("--overrides is for a replay: give --step.")
    if args.step is not None:
        replayed = replay(recorded, args.step, args.overrides, args.include_package)
        say_replay(replayed)
        return replayed.figures(), not replayed.confirms
    if args.compare is not None:
        first, beyond = compare(recorded.lines(), RecordedRun.at(args.compare).lines())
        missing = [] if first else gaps(line.episode for line in recorded.lines())
        say_comparison(str(args.folder), str(args.compare), first, beyond, missing)
        figures = {
            "first_difference": first and first.figures(),
            "beyond_rounding": beyond and beyond.figures(),
            "missing": missing,
        }
        return figures, first is not None
    figures = Summary(recorded.lines()).figures()
    say_summary(str(args.folder), figures)
    return figures, False
