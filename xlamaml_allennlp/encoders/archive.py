"""What an archive (model.tar.gz) of `allennlp train` holds."""

import json
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.common.file_utils import cached_path
from allennlp.models.archival import get_weights_path


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
        If it is not there, or is not an archive that `allennlp train` wrote.
    """
    try:
        path = cached_path(archive)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f'{key}: "{archive}" is not there ({error}).') from error
    with tempfile.TemporaryDirectory() as folder:
        try:
            with tarfile.open(path) as tar:
                wanted = [m for m in tar.getmembers() if m.name.split("/")[0] in {"config.json", *members}]
                tar.extractall(folder, members=wanted, filter="data")
        except (OSError, EOFError, tarfile.TarError) as error:
            raise ConfigurationError(f"{key}: {archive} is not an archive of `allennlp train`: {error}.") from error
        if not (Path(folder) / "config.json").exists():
            raise ConfigurationError(f"{key}: {archive} is not an archive of `allennlp train`: it has no config.json.")
        yield Path(folder)


def model_params_in(extract: Path) -> dict:
    """The `model` section of an extracted archive's config."""
    model = json.loads((extract / "config.json").read_text(encoding="utf-8")).get("model", {})
    return model if isinstance(model, dict) else {}


def weights_in(extract: Path) -> dict[str, torch.Tensor]:
    """The weights of an extracted archive, or of a serialization folder, by parameter name, in memory."""
    return torch.load(get_weights_path(extract), map_location="cpu", weights_only=True)
