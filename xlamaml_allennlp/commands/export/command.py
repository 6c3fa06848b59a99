"""The subcommand: loads the archive, writes the folder and its card, and sends it to the hub if asked to."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from allennlp.commands.subcommand import Subcommand
from allennlp.common.checks import ConfigurationError
from allennlp.models import load_archive

from xlamaml_allennlp.encoders.archive import extracted, model_params_in
from xlamaml_allennlp.encoders.folder import KEPT
from xlamaml_allennlp.encoders.tokenizer import load_tokenizer
from xlamaml_allennlp.exchange.card import check_scores, model_card
from xlamaml_allennlp.exchange.comparison import cut_at
from xlamaml_allennlp.exchange.facts import Facts
from xlamaml_allennlp.exchange.folder import check_empty, export
from xlamaml_allennlp.exchange.onnx import check_installed
from xlamaml_allennlp.exchange.scores import scores_in


@Subcommand.register("export")
class Export(Subcommand):
    """
    Writes an archive as a folder that transformers loads, with a model card.

    Registered as a `Subcommand` with name "export": `allennlp export ARCHIVE FOLDER`.
    """

    def add_subparser(self, parser: argparse._SubParsersAction) -> argparse.ArgumentParser:
        about = "Write an archive as a transformers folder with the same answers, and a model card."
        command = parser.add_parser(self.name, description=about, help=about)
        command.add_argument("archive", help="the model.tar.gz of a run")
        command.add_argument("folder", type=Path, help="where to; made, and must be empty if it is there")
        command.add_argument(
            "--metrics", type=Path, help="what `allennlp evaluate --output-file` wrote of this archive, for the card"
        )
        command.add_argument(
            "--predictions", type=Path, help="its --predictions-output-file, for intervals and numbers of examples"
        )
        command.add_argument("--onnx", action="store_true", help="also write model.onnx, for ONNX Runtime")
        command.add_argument("--push", metavar="USER/NAME", help="also send the folder to this repository at the hub")
        command.set_defaults(func=run)
        return command


def run(args: argparse.Namespace) -> None:
    """Prints where the folder is, and what loads it."""
    check_empty(args.folder)
    if args.onnx:
        check_installed()
    if args.predictions and not args.metrics:
        raise ConfigurationError("--predictions: give --metrics too, of the same evaluation.")
    scores = scores_in(args.metrics, args.predictions) if args.metrics else []
    archive = load_archive(args.archive)
    with extracted(args.archive, "archive", [KEPT]) as extract:
        tokenizer = load_tokenizer(str(model_params_in(extract)["model_name"]), str(extract))
    facts = Facts.of(archive.config.as_dict(quiet=True), archive.model, args.archive)
    check_scores(facts, scores)
    note = export(archive, tokenizer, args.folder, args.onnx)
    facts = replace(facts, note=note, cut_at=cut_at(archive))
    (args.folder / "README.md").write_text(model_card(facts, scores), encoding="utf-8")
    loaded = f"Load it with {facts.loader}.from_pretrained{', or model.onnx with ONNX Runtime' if args.onnx else ''}."
    sys.stdout.write(f"{args.folder}: the same probabilities as {args.archive}. {loaded}\n")
    if args.push:
        push(args.folder, args.push)


def push(folder: Path, repository: str) -> None:
    """Sends a folder to the hub; what goes wrong there is said by huggingface_hub itself."""
    from huggingface_hub import HfApi  # asks for a token only here

    api = HfApi()
    api.create_repo(repository, exist_ok=True)
    api.upload_folder(repo_id=repository, folder_path=str(folder))
