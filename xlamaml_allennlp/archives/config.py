"""The config of an archive, which is JSON and nothing else."""

import os
from pathlib import Path
from typing import Any

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.archives.entries import entries_of
from xlamaml_allennlp.archives.names import SETTINGS
from xlamaml_allennlp.archives.settings import TRUSTING, trusts
from xlamaml_allennlp.files.json_text import parse_json

# Where readers keep examples, as in the configs: `~` is the user's own.
CACHE = "~/.cache/xlamaml_allennlp"
# Keys that no archive needs, and what a component does with them.
DANGEROUS = {
    "trust_remote_code": "runs code of whoever made the encoder",
    "evalb_directory_path": "names a program to run",  # to a shell, of the metrics of allennlp_models
    "srl_eval_path": "names a program to run",
    "serialization_dir": "names a folder to write to",  # in place of that which AllenNLP passes
}


def check_config(path: Path, archive: str) -> dict[str, Any]:
    """
    The config of an archive, or of a run's folder. AllenNLP reads it as Jsonnet, which may import files and never end;
    what it writes itself is JSON.

    # Raises

    `ConfigurationError`
        If it is not there, is not JSON, or has a key that makes a component run a program or write somewhere.
    """
    try:
        if os.path.getsize(path) > SETTINGS:
            raise ConfigurationError(f"{archive}: its {path.name} has more than {SETTINGS / 1e6:g} MB.")
        config = parse_json(path.read_text(encoding="utf-8"), unique_keys=True)
    except FileNotFoundError as error:
        raise ConfigurationError(f"{archive} is not an archive of `allennlp train`: it has no {path.name}.") from error
    except ValueError as error:
        raise ConfigurationError(f"{archive}: its {path.name} is not JSON ({error}). Get it again.") from error
    if not isinstance(config, dict):
        raise ConfigurationError(f"{archive}: its {path.name} is no object. Get it again.")
    if not trusts():
        wanted = next((key for key, value in entries_of(config) if key in DANGEROUS and value), None)
        if wanted:
            raise ConfigurationError(
                f"{archive}: its {path.name} has {wanted}, which {DANGEROUS[wanted]}. If you know who wrote it, "
                f"{TRUSTING}."
            )
    return config


def with_own_cache(config: dict[str, Any]) -> None:
    """
    Gives an archive's readers this machine's own cache where they have one, and no say in the number of processes: the
    folder that they name is of the machine that trained, here any folder.
    """
    for key in ("dataset_reader", "validation_dataset_reader"):
        for _, value in list(entries_of(config.get(key))):
            if isinstance(value, dict):
                value.pop("num_proc", None)
                if value.pop("cache", None) is not None:
                    value["cache"] = CACHE
