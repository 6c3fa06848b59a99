"""What an archive notes of its past, beside its encoder; the bytes as they are, for whoever knows what they say."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Optional

from allennlp.common.checks import ConfigurationError

# In the folder that `include_in_archive: ["encoder"]` puts into an archive.
DATA_USE = Path("encoder") / "data_use.bin"
ADAPTED = Path("encoder") / "adapted.json"
# The most bytes of it: some fifty times those of MNLI.
LIMIT = 150_000_000


class Notes(NamedTuple):
    """
    # Parameters

    data_use : `Optional[bytes]`
        Its data-use manifest; `None` if it has none.
    protocol : `Any`, optional (default = `None`)
        What its config declares as `protocol`.
    adapted : `Optional[bytes]`, optional (default = `None`)
        What its last stage has adapted it to, before use.
    """

    data_use: Optional[bytes]
    protocol: Any = None
    adapted: Optional[bytes] = None


def notes_in(folder: str | os.PathLike, config: Optional[Mapping[str, Any]] = None) -> Notes:
    """
    The notes in an extracted archive, or in a run's folder.

    # Parameters

    folder : `Union[str, os.PathLike]`
        The folder.
    config : `Optional[Mapping[str, Any]]`, optional (default = `None`)
        Its config.

    # Raises

    `ConfigurationError`
        If there are more bytes than any run writes.
    """
    protocol = (config or {}).get("protocol")
    return Notes(_content(folder, DATA_USE), protocol, _content(folder, ADAPTED))


def _content(folder: str | os.PathLike, name: Path) -> Optional[bytes]:
    file = Path(folder) / name
    if not file.is_file():
        return None
    if (size := file.stat().st_size) > LIMIT:
        raise ConfigurationError(f"{name} has {size} bytes, and no run writes over {LIMIT}. Get the archive again.")
    return file.read_bytes()


def write_data_use(folder: str | os.PathLike, content: bytes) -> None:
    """Puts a data-use manifest into a run's folder, and so into its archive: as a whole, or not at all."""
    _write(Path(folder) / DATA_USE, folder, content)


def write_adapted(folder: str | os.PathLike, content: bytes) -> None:
    """Puts what a run has adapted its model to into its folder, likewise."""
    _write(Path(folder) / ADAPTED, folder, content)


def _write(file: Path, folder: str | os.PathLike, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Beside the folder that goes into the archive, on the same file system: an archive gets no half of one.
    with tempfile.TemporaryDirectory(prefix=".encoder-", dir=folder) as drafts:
        draft = Path(drafts) / file.name
        with draft.open("wb") as half:
            half.write(content)
            half.flush()
            os.fsync(half.fileno())
        os.replace(draft, file)
