"""What an archive (model.tar.gz) of `allennlp train` holds."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.common.file_utils import cached_path
from allennlp.models.archival import get_weights_path

from xlamaml_allennlp.archives.unpacking import unpack
from xlamaml_allennlp.archives.weights import read_weights


def is_archive(model_name: str) -> bool:
    """Whether a `model_name` is an archive rather than a hub name or a folder."""
    return model_name.endswith((".tar.gz", ".tgz"))


@contextmanager
def extracted(archive: str, key: str, members: list[str]) -> Iterator[Path]:
    """
    An archive's config.json and those of its members that are named (a folder with all it holds), in a temporary
    folder.

    # Parameters

    archive : `str`
        Path or URL of a model.tar.gz.
    key : `str`
        The config key that named it, for errors.
    members : `list[str]`
        Names of files and folders within the archive.

    # Raises

    `ConfigurationError`
        If it is not there, is damaged, or is not an archive that `allennlp train` wrote.
    """
    try:
        path = cached_path(archive)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f'{key}: "{archive}" is not there ({error}).') from error
    with tempfile.TemporaryDirectory() as folder:
        unpack(path, folder, f"{key}: {archive}", members)
        yield Path(folder)


def model_params_in(extract: Path) -> dict:
    """The `model` section of an extracted archive's config."""
    model = json.loads((extract / "config.json").read_text(encoding="utf-8")).get("model", {})
    return model if isinstance(model, dict) else {}


def weights_in(extract: Path, archive: str) -> dict[str, torch.Tensor]:
    """The weights of an extracted archive, by parameter name; they stay when its folder goes."""
    return read_weights(get_weights_path(extract), archive)
