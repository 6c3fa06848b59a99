"""The subcommand: loads the archive, writes the folder and its card, and sends it to the hub if asked to."""

import argparse
import sys
from pathlib import Path

from allennlp.commands.subcommand import Subcommand
from allennlp.models import load_archive

from xlamaml_allennlp.encoders.archive import extracted, model_params_in
from xlamaml_allennlp.encoders.folder import KEPT
from xlamaml_allennlp.encoders.tokenizer import load_tokenizer
from xlamaml_allennlp.exchange.card import Facts, model_card, scores_in
from xlamaml_allennlp.exchange.folder import check_empty, export


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
        command.add_argument("--push", metavar="USER/NAME", help="also send the folder to this repository at the hub")
        command.set_defaults(func=run)
        return command


def run(args: argparse.Namespace) -> None:
    """Prints where the folder is, and what loads it."""
    check_empty(args.folder)
    scores = scores_in(args.metrics) if args.metrics else []
    archive = load_archive(args.archive)
    with extracted(args.archive, "archive", [KEPT]) as extract:
        tokenizer = load_tokenizer(str(model_params_in(extract)["model_name"]), str(extract))
    note = export(archive, tokenizer, args.folder)
    facts = Facts.of(archive.config.as_dict(quiet=True), archive.model, args.archive, note)
    (args.folder / "README.md").write_text(model_card(facts, scores), encoding="utf-8")
    loaded = f"Load it with {facts.loader}.from_pretrained."
    sys.stdout.write(f"{args.folder}: the same probabilities as {args.archive}. {loaded}\n")
    if args.push:
        push(args.folder, args.push)


def push(folder: Path, repository: str) -> None:
    """Sends a folder to the hub; what goes wrong there is said by huggingface_hub itself."""
    from huggingface_hub import HfApi  # asks for a token only here

    api = HfApi()
    api.create_repo(repository, exist_ok=True)
    api.upload_folder(repo_id=repository, folder_path=str(folder))
