"""Where an encoder's files are: at the hub, in a folder, in an archive, or kept beside a model that was trained."""

import hashlib
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Optional

from allennlp.common.checks import ConfigurationError
from allennlp.common.file_utils import cached_path

# The folder that `include_in_archive: ["encoder"]` puts into an archive.
KEPT = "encoder"


def kept_folder(model_name: str, serialization_dir: str) -> Path:
    """
    The folder in which a run keeps the configuration and the tokenizer of an encoder, so that its archive needs
    neither the hub nor the folder that the encoder came from.
    """
    readable = re.sub(r"[^A-Za-z0-9.]+", "-", model_name).strip("-.")[-60:]
    # Two names that read the same must not share a folder.
    return Path(serialization_dir) / KEPT / f"{readable}-{hashlib.sha256(model_name.encode()).hexdigest()[:8]}"


def keep(folder: Path, save: Callable[[str], object], marker: str) -> None:
    """
    Lets `save` write files, and moves them into the folder, `marker` last.

    A reader that finds the marker finds the other files complete, also while other workers write the same ones.
    """
    if (folder / marker).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    # Beside the folder that goes into the archive, on the same file system.
    with tempfile.TemporaryDirectory(prefix=".encoder-", dir=folder.parent.parent) as draft:
        save(draft)
        for name in sorted(os.listdir(draft), key=lambda name: name == marker):
            os.replace(os.path.join(draft, name), folder / name)


def is_archive(model_name: str) -> bool:
    """Whether a `model_name` is an archive that `allennlp train` wrote."""
    return model_name.endswith((".tar.gz", ".tgz"))


@contextmanager
def files_of(model_name: str, serialization_dir: Optional[str], marker: str) -> Iterator[str]:
    """
    What to give to transformers for the files that `marker` stands for: the kept folder where it has them, else what
    an archive keeps, else the name itself.

    # Raises

    `ConfigurationError`
        If `model_name` is an archive that is not there, or one that keeps no encoder.
    """
    if serialization_dir is not None:
        kept = kept_folder(model_name, serialization_dir)
        if (kept / marker).exists():
            yield str(kept)
            return
    if not is_archive(model_name):
        yield model_name
        return
    with extracted(model_name, "model_name", [KEPT]) as extract:
        folder = kept_folder(model_name_in(extract), str(extract))
        if not (folder / marker).exists():
            raise ConfigurationError(
                f"model_name: the archive {model_name} keeps no encoder ({folder.name}/{marker} is not in it). Train "
                f'it again with `include_in_archive: ["{KEPT}"]` at the top of its config.'
            )
        yield str(folder)


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


def model_name_in(extract: Path) -> str:
    """The `model_name` of an extracted archive's model; empty where its model has none."""
    return str(model_params_in(extract).get("model_name", ""))
