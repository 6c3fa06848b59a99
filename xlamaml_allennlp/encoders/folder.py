"""Where an encoder's files are: at the hub, in a folder, in an archive, or kept beside a model that was trained."""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.encoders.archive import extracted, is_archive, model_params_in
from xlamaml_allennlp.encoders.size import check_numbers

# The folder that `include_in_archive: ["encoder"]` puts into an archive.
KEPT = "encoder"
CONFIG = "config.json"


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


@contextmanager
def files_of(model_name: str, serialization_dir: Optional[str], marker: str) -> Iterator[str]:
    """
    What to give to transformers for the files that `marker` stands for: the kept folder where it has them, else what
    an archive keeps, else the name itself.

    # Raises

    `ConfigurationError`
        If `model_name` is an archive that is not there, or one that keeps no encoder, or the configuration has numbers
        that no encoder has.
    """
    with _files_of(model_name, serialization_dir, marker) as files:
        check_numbers(Path(files) / CONFIG, model_name)  # before transformers counts up to them
        yield files


@contextmanager
def _files_of(model_name: str, serialization_dir: Optional[str], marker: str) -> Iterator[str]:
    if serialization_dir is not None:
        kept = kept_folder(model_name, serialization_dir)
        if (kept / marker).exists():
            yield str(kept)
            return
    if not is_archive(model_name):
        yield model_name
        return
    with extracted(model_name, "model_name", [KEPT]) as extract:
        folder = kept_folder(str(model_params_in(extract).get("model_name", "")), str(extract))
        if not (folder / marker).exists():
            raise ConfigurationError(
                f"model_name: the archive {model_name} keeps no encoder ({folder.name}/{marker} is not in it). Train "
                f'it again with `include_in_archive: ["{KEPT}"]` at the top of its config.'
            )
        yield str(folder)
