"""The subcommand: reads the archives, compares them, and writes one of their mean."""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import torch
from allennlp.commands.subcommand import Subcommand
from allennlp.common.checks import ConfigurationError
from allennlp.models.archival import archive_model

from xlamaml_allennlp.commands.average.sameness import check_configs, check_files, check_weights, mean
from xlamaml_allennlp.encoders.archive import extracted, weights_in
from xlamaml_allennlp.encoders.folder import KEPT
from xlamaml_allennlp.encoders.notes import ADAPTED, notes_in, write_data_use
from xlamaml_allennlp.provenance.manifest import Manifest, Stage
from xlamaml_allennlp.provenance.manifest_file import to_bytes
from xlamaml_allennlp.provenance.past import manifest_in

WEIGHTS = "weights.th"


@Subcommand.register("average")
class Average(Subcommand):
    """
    Averages the weights of several archives of one config, such as its seeds (Wortsman et al. 2022, uniform soup).

    Registered as a `Subcommand` with name "average": `allennlp average ARCHIVE ARCHIVE... -s FOLDER`.
    """

    def add_subparser(self, parser: argparse._SubParsersAction) -> argparse.ArgumentParser:
        about = "Write an archive whose weights are the mean of those of several archives of one config."
        command = parser.add_parser(self.name, description=about, help=about)
        command.add_argument("archives", nargs="+", metavar="ARCHIVE", help="the model.tar.gz of a run; two or more")
        command.add_argument(
            "-s", "--serialization-dir", type=Path, required=True, metavar="FOLDER",
            help="where to; made, and must be empty if it is there",
        )  # fmt: skip
        command.set_defaults(func=run)
        return command


def run(args: argparse.Namespace) -> None:
    """Prints where the archive is."""
    path = average(args.archives, args.serialization_dir)
    sys.stdout.write(f"{path}: the mean of the weights of {len(args.archives)} archives.\n")


def average(archives: Sequence[str], folder: Path) -> Path:
    """
    Writes an archive whose weights are the mean of several archives'. What their stages have read its manifest has too.

    # Parameters

    archives : `Sequence[str]`
        The archives; configuration and encoder are the first's.
    folder : `Path`
        Where to.

    # Raises

    `ConfigurationError`
        If there is one archive only, or one twice; if they are of different configs, vocabularies, encoders or models;
        or if the folder holds something.
    """
    if len(archives) < 2 or len({str(Path(archive).resolve()) for archive in archives}) < len(archives):
        raise ConfigurationError(f"average: {', '.join(archives)}. Give two archives at least, and each once.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigurationError(f"average: {folder} is there already, and not empty. Give another folder.")
    with ExitStack() as stack:
        wanted = [WEIGHTS, KEPT, "vocabulary", "meta.json"]
        extracts = {name: stack.enter_context(extracted(name, "average", wanted)) for name in archives}
        check_configs({name: json.loads((at / "config.json").read_text("utf-8")) for name, at in extracts.items()})
        check_files(extracts)
        weights = {name: weights_in(at, name) for name, at in extracts.items()}
        check_weights(weights)
        means = {key: mean([of[key] for of in weights.values()], key) for key in weights[archives[0]]}
        manifest = _joined(extracts)
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent)))
        shutil.copytree(extracts[archives[0]], draft, dirs_exist_ok=True)
        (draft / ADAPTED).unlink(missing_ok=True)  # each to examples of its own
        write_data_use(draft, to_bytes(manifest))
        (draft / WEIGHTS).unlink()
        torch.save(means, draft / WEIGHTS)
        folder.mkdir(exist_ok=True)
        return Path(archive_model(draft, WEIGHTS, folder / "model.tar.gz", [KEPT]))


def _joined(extracts: dict[str, Path]) -> Manifest:
    """What all have read; an archive that does not say so is a stage of which nothing is known."""
    joined = Manifest()
    for name, extract in extracts.items():
        joined = joined.united(manifest_in(notes_in(extract), name) or Manifest((Stage(name, None),)))
    return joined
