"""The subcommand."""

import argparse
import sys
from pathlib import Path

from allennlp.commands.subcommand import Subcommand
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.reports import write_report


@Subcommand.register("report")
class Report(Subcommand):
    """
    Writes the report of a folder of evaluations: a study's, or any other (docs/reports.md).

    Registered as a `Subcommand` with name "report": `allennlp report FOLDER`.
    """

    # It reads files, and needs nobody's components.
    requires_plugins = False

    def add_subparser(self, parser: argparse._SubParsersAction) -> argparse.ArgumentParser:
        about = "Write tables, significance tests, figures and report.html of a folder of evaluations."
        command = parser.add_parser(self.name, description=about, help=about)
        command.add_argument("folder", type=Path, help="holds evaluations/NAME/metrics.json and predictions.jsonl")
        command.add_argument(
            "-o", "--output", type=Path, help="the folder to write to (default: report/ in the folder)"
        )
        # AllenNLP offers it to commands that load plugins; whoever gives it to all of them may give it here too.
        command.add_argument("--include-package", action="append", default=[], help="imported, and not needed here")
        command.set_defaults(func=run)
        return command


def run(args: argparse.Namespace) -> None:
    """Writes the report, and says where it is."""
    if not args.folder.is_dir():
        raise ConfigurationError(f"{args.folder} is no folder. Give that of a study, or one of evaluations.")
    sys.stdout.write(f"{write_report(args.folder, args.output)}\n")
