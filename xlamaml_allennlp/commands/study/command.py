"""The subcommand: a plan, then the runs, then the report."""

import argparse
import sys
from pathlib import Path
from typing import Optional

from allennlp.commands.subcommand import Subcommand
from allennlp.common.checks import ConfigurationError
from allennlp.common.util import SigTermReceived
from rich.console import Console

from xlamaml_allennlp.commands.study.choice import chosen
from xlamaml_allennlp.commands.study.listing import print_plan
from xlamaml_allennlp.commands.study.places import (
    add_places,
    check_places,
    opened_place,
    resources_of,
    steps_at_once,
)
from xlamaml_allennlp.commands.study.told import check_told
from xlamaml_allennlp.commands.study.view import StudyView
from xlamaml_allennlp.reports import write_report
from xlamaml_allennlp.studies.content import Contents
from xlamaml_allennlp.studies.evaluating import describe_anew
from xlamaml_allennlp.studies.execution import INTERVAL, Execution, Settings
from xlamaml_allennlp.studies.expansion import arguments_of, expanded
from xlamaml_allennlp.studies.folder import StudyFolder
from xlamaml_allennlp.studies.identity import Identities
from xlamaml_allennlp.studies.job import PYTHON
from xlamaml_allennlp.studies.outcome import Outcome
from xlamaml_allennlp.studies.plan import Plan, plan_of
from xlamaml_allennlp.studies.process import Launch
from xlamaml_allennlp.studies.reading import study_of
from xlamaml_allennlp.studies.slurm import script
from xlamaml_allennlp.studies.standing import Standings


@Subcommand.register("study")
class StudyCommand(Subcommand):
    """
    Does the runs and evaluations of a study file that are not done yet, and reports on them.

    Registered as a `Subcommand` with name "study": `allennlp study FILE -s FOLDER`.
    """

    def add_subparser(self, parser: argparse._SubParsersAction) -> argparse.ArgumentParser:
        about = "Do the runs of a study, each once, and report on them: see training_configs/studies."
        command = parser.add_parser(self.name, description=about, help=about)
        command.add_argument("file", help="a study: Jsonnet")
        command.add_argument("-s", "--folder", type=Path, required=True, help="where everything goes")
        command.add_argument("--dry-run", action="store_true", help="only say what would be done")
        add_places(command)
        command.add_argument(
            "--keep-archives", choices=["none", "best", "all"], default="all",
            help="which archives stay when nothing of the study needs them any more; best: of every method the seed "
            "that scores best",
        )  # fmt: skip
        command.add_argument(
            "--arg", action="append", default=[], metavar="NAME=JSON", help="an argument of the study's function"
        )
        command.add_argument(
            "--only", action="append", default=[], metavar="ID",
            help="a step to do, such as runs/english-0, or steps, such as 'runs/english-*'; repeatable; no report then",
        )  # fmt: skip
        command.add_argument(
            "--replace", action="store_true", help="remove results that were made from something else under a name"
        )
        command.set_defaults(func=run)
        return command


def run(args: argparse.Namespace, launch: Optional[Launch] = None, interval: float = INTERVAL) -> None:
    """Does what the command line asks for. Exits with 1 if that cannot be done, or a step has failed."""
    try:
        _run(args, launch, interval)
    except ConfigurationError as error:
        sys.exit(f"\n{error}")


def _run(args: argparse.Namespace, launch: Optional[Launch], interval: float) -> None:
    check_places(args)
    content = expanded(args.file, arguments_of(args.arg))
    try:
        study = study_of(content)
        check_told(study)
        folder = StudyFolder(args.folder)
        standings = Standings(study, folder, Identities(study, Contents(), folder), args.replace)
        every = standings.all()
    except ConfigurationError as error:
        raise ConfigurationError(f"{args.file}: {error}") from error
    plan = plan_of(standings, chosen(args.only, every), args.keep_archives)
    if args.print_jobs:
        sys.stdout.write(_script(args, study.name, plan))
        return
    console = Console(highlight=False, markup=False)
    console.print(f"Study {study.name}: everything goes to {args.folder}.\n", soft_wrap=True)
    print_plan(console, plan, steps_at_once(args), every_step=args.dry_run)
    if plan.problems:
        count = "A problem" if len(plan.problems) == 1 else f"{len(plan.problems)} problems"
        told = [f"\n{args.file}: {count}; nothing was done.", *(f"  {problem}" for problem in plan.problems)]
        sys.exit("\n".join(told))
    if args.dry_run:
        return
    outcome = _do(args, standings, plan, content, console, launch, interval)
    is_reported = args.only or not study.evaluations or _report(standings, console)
    if outcome.failed:
        sys.exit(_failures(args.file, outcome))
    if not is_reported:
        sys.exit(1)


def _report(standings: Standings, console: Console) -> bool:
    """Writes the report, and says where it is, or why there is none; whether there is one."""
    try:
        describe_anew(standings)
        page = write_report(standings.folder.path)
    except ConfigurationError as error:  # what failed in the runs is to be said all the same
        console.print(f"\nNo report. {error}", soft_wrap=True)
        return False
    console.print(f"\nReport: {page}", soft_wrap=True)
    return True


def _do(
    args: argparse.Namespace,
    standings: Standings,
    plan: Plan,
    content: dict,
    console: Console,
    launch: Optional[Launch],
    interval: float,
) -> Outcome:
    wanted = {each.step.id: each.step for each in plan.left}
    try:
        standings.folder.write_study(standings.study, content)
        with (
            opened_place(args, wanted.values(), console, launch) as place,
            StudyView(console, len(wanted)) as view,
        ):
            settings = Settings(place, args.keep_archives, args.include_package, interval)
            return Execution(standings, settings, view).run(lambda step: step.id in wanted)
    except OSError as error:
        sys.exit(f"\n{error}. What is done stays; the same command goes on from there.")
    except (KeyboardInterrupt, SigTermReceived):
        sys.exit("\nStopped. The same command goes on from there.")


def _script(args: argparse.Namespace, name: str, plan: Plan) -> str:
    again = [*PYTHON, "study", args.file, "-s", str(args.folder), "--keep-archives", args.keep_archives]
    again += [part for option, values in (("--arg", args.arg), ("--include-package", args.include_package))
              for value in values for part in (option, value)]  # fmt: skip
    again += ["--replace"] if args.replace else []
    again += ["--trust-archive"] if getattr(args, "trust_archive", False) else []
    if plan.problems:
        raise ConfigurationError("\n".join(["Nothing can be submitted:", *plan.problems]))
    return script(name, plan.left, again, resources_of(args), reports=not args.only)


def _failures(file: str, outcome: Outcome) -> str:
    lines = [f"\n{file}: {len(outcome.failed)} failed, and {len(outcome.skipped)} that need them were not begun:"]
    for id, failure in outcome.failed.items():
        lines += [f"  {id} failed: {failure.why}", *([f"    {failure.command}"] if failure.command else [])]
    lines += [f"  {id} needs {needed}" for id, needed in outcome.skipped.items()]
    lines.append("What is done stays. The same command tries the rest again.")
    return "\n".join(lines)
