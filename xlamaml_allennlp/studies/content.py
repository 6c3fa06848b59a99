"""What a run is made from, as digests: by them a finished one is recognised wherever its files lie."""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Optional

from xlamaml_allennlp.studies.study import RUNS

DATA_KEYS = ("train_data_path", "validation_data_path", "test_data_path")
_PIECE = 2**20
PACKAGE = Path(__file__).resolve().parents[1]


def digest_of(value: Any) -> str:
    """A digest of a value of JSON; the order of keys makes no difference."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def inputs(config: Mapping[str, Any]) -> list[str]:
    """
    The files and folders that a run reads, as its config names them: data, an encoder's folder, another archive. Of
    encoders only those that are paths; one of a hub is a name.
    """
    found = [path for key in DATA_KEYS for path in _paths(config.get(key))]
    model = config.get("model", {})
    model = model if isinstance(model, Mapping) else {}
    for path in (model.get("model_name"), model.get("pretrained_file")):
        if isinstance(path, str) and not path.startswith(RUNS) and (_is_path(path) or os.path.exists(path)):
            found.append(path)
    return list(dict.fromkeys(found))


def is_remote(path: str) -> bool:
    """Whether a path is an address, or a data set of a hub: whether it is there turns out when it is read."""
    return "://" in path or path.startswith("datasets:")


def problem(path: str) -> Optional[str]:
    """What is wrong with an input, as far as can be said without reading it; `None` if nothing is."""
    if is_remote(path) or os.path.exists(path):
        return None
    archive, is_member, member = path.partition("!")
    if not is_member or not os.path.isfile(archive):
        return "no such file"
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as opened:
            if member not in opened.namelist():
                return f"{archive} has no member {member}"
    return None


class Contents:
    """Digests of files, each read once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, path: str) -> str:
        """The digest of an input's content. Of an address it is that of the address, for nothing is fetched."""
        if path not in self._known:
            self._known[path] = self._digest(path)
        return self._known[path]

    def of_all(self, paths: Any) -> str:
        """One digest of several inputs, and of the paths that they were given by."""
        return digest_of([[path, self.of(path)] for path in paths])

    def _digest(self, path: str) -> str:
        if is_remote(path):
            return digest_of(path)
        if not os.path.exists(path):
            archive, _, member = path.partition("!")
            return digest_of([self.of(archive), member]) if os.path.isfile(archive) else "missing"
        if os.path.isdir(path):
            files = sorted(each for each in Path(path).rglob("*") if each.is_file())
            return digest_of([[str(file.relative_to(path)), _of_file(file)] for file in files])
        return _of_file(Path(path))


def sources_digest() -> str:
    """A digest of this package's own code, which may change within a version."""
    return digest_of([[str(file.relative_to(PACKAGE)), _of_file(file)] for file in sorted(PACKAGE.rglob("*.py"))])


def _of_file(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _paths(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.lstrip().startswith("{"):
            value = json.loads(value)
        else:
            yield value
            return
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _paths(each)


def _is_path(name: str) -> bool:
    return name.startswith(("/", "./", "../", "~")) or name.endswith(".tar.gz")
