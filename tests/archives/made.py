"""Archives made by hand: as AllenNLP writes them, as this package does, and as a stranger may."""

import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import torch

from xlamaml_allennlp.archives.checksums import seal

WEIGHTS = {"w": torch.arange(40.0)}


def weights(state: Any = WEIGHTS) -> bytes:
    file = io.BytesIO()
    torch.save(state, file)
    return file.getvalue()


def contents(**more: bytes) -> dict[str, bytes]:
    """Members of an archive, by name; `config_json` stands for config.json."""
    own = {
        "config.json": json.dumps({"model": {"type": "tiny"}, "include_in_archive": ["notes*"]}).encode(),
        "weights.th": weights(),
        "vocabulary/non_padded_namespaces.txt": b"*tags\n",
    }
    return {**own, **{name.replace("_json", ".json").replace("_th", ".th"): each for name, each in more.items()}}


def member(
    name: str, content: bytes = b"", kind: bytes = tarfile.REGTYPE, **keys: Any
) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, len(content)
    for key, value in keys.items():
        setattr(info, key, value)
    return info, content


def tarred(*members: tuple[tarfile.TarInfo, bytes], format: int = tarfile.PAX_FORMAT) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=format) as tar:
        for info, content in members:
            tar.addfile(info, io.BytesIO(content))
    return file.getvalue()


def stock(path: Path, files: dict[str, bytes], *others: tuple[tarfile.TarInfo, bytes]) -> str:
    """An archive without checksums, with these files and then these members."""
    path.write_bytes(gzip.compress(tarred(*(member(*each) for each in files.items()), *others)))
    return str(path)


def sealed(path: Path, files: dict[str, bytes]) -> str:
    """An archive as this package writes it."""
    seal(stock(path.with_name("draft"), files), str(path))
    return str(path)


def members_in(archive: Path, checksums: bool = False) -> dict[str, bytes]:
    """The files of an archive, by name."""
    with tarfile.open(archive) as tar:
        files = [info for info in tar.getmembers() if info.isfile() and (checksums or info.name != "checksums.json")]
        return {info.name: tar.extractfile(info).read() for info in files}  # type: ignore[union-attr]
