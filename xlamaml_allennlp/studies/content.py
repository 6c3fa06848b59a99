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
ENCODER_KEYS = ("model_name", "pretrained_file")
# Parts of a config that may name an encoder or a tokenizer, at any depth.
NAMING = ("dataset_reader", "validation_dataset_reader", "vocabulary", "model")
_PIECE = 2**20
PACKAGE = Path(__file__).resolve().parents[1]


def digest_of(value: Any) -> str:
    """A digest of a value of JSON; the order of keys makes no difference."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def places(config: Mapping[str, Any]) -> dict[str, str]:
    """
    What a run reads, by the key of its config: files and folders of data, the encoder, another archive. An encoder may
    be a path or the name of one of a hub.
    """
    found = {place: path for key in DATA_KEYS for place, path in _paths(key, config.get(key))}
    model = config.get("model", {})
    for key in ENCODER_KEYS:
        path = model.get(key) if isinstance(model, Mapping) else None
        if isinstance(path, str) and not path.startswith(RUNS):
            found[f"model.{key}"] = path
    return found


def named_elsewhere(config: Mapping[str, Any]) -> dict[str, str]:
    """Encoders and tokenizers that `places` has not: a reader, say, may name one that the model does not."""
    known = {*places(config).values(), ""}
    found = [each for part in NAMING for each in _named(part, config.get(part))]
    return {place: path for place, path in found if path not in known and not path.startswith(RUNS)}


def inputs(config: Mapping[str, Any]) -> list[str]:
    """The files and folders that a run reads, as its config names them; of a hub's encoders none."""
    found = [*places(config).items(), *named_elsewhere(config).items()]
    return list(dict.fromkeys(path for place, path in found if not is_name(place, path)))


def is_name(place: str, path: str) -> bool:
    """Whether what stands at a place is the name of an encoder of a hub: such a name has one slash at most."""
    is_path = path.startswith(("/", "./", "../", "~")) or path.endswith(".tar.gz") or path.count("/") > 1
    return place.startswith(NAMING) and not is_path and not os.path.exists(path)


def is_remote(path: str) -> bool:
    """Whether a path is an address, or a data set of a hub: whether it is there turns out when it is read."""
    return "://" in path or path.startswith("datasets:")


def problem(path: str) -> Optional[str]:
    """What is wrong with an input, as far as can be said without reading it; `None` if nothing is."""
    if is_remote(path) or os.path.exists(path):
        return None
    archive, is_member, member = path.partition("!")
    if not is_member or not os.path.isfile(archive):
        return "no such file or folder"
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as opened:
            if member not in opened.namelist():
                return f"{archive} has no member {member}"
    return None


class Contents:
    """Digests of files, each read once."""

    def __init__(self) -> None:
        self._known: dict[str, Optional[str]] = {}

    def of(self, path: str) -> Optional[str]:
        """
        The digest of an input's content; `None` if it is not there. Of an address it is that of the address, for
        nothing is fetched.
        """
        if path not in self._known:
            self._known[path] = self._digest(path)
        return self._known[path]

    def _digest(self, path: str) -> Optional[str]:
        if is_remote(path):
            return digest_of(path)
        if not os.path.exists(path):
            archive, _, member = path.partition("!")
            return digest_of([self.of(archive), member]) if os.path.isfile(archive) else None
        if os.path.isdir(path):
            files = sorted(_files(path))
            return digest_of([[str(file.relative_to(path)), _of_file(file)] for file in files])
        return _of_file(Path(path))


def sources_digest() -> str:
    """A digest of this package's own code, which may change within a version."""
    return digest_of([[str(file.relative_to(PACKAGE)), _of_file(file)] for file in sorted(PACKAGE.rglob("*.py"))])


def _files(folder: str, above: tuple[str, ...] = ()) -> Iterator[Path]:
    """The files in a folder and in those below, which may be links."""
    real = os.path.realpath(folder)
    if real in above:  # a link to what it lies in
        return
    _, folders, names = next(os.walk(folder), (folder, [], []))
    yield from (path for name in names if (path := Path(folder, name)).is_file())
    for name in folders:
        yield from _files(os.path.join(folder, name), (*above, real))


def _of_file(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _paths(place: str, value: Any) -> Iterator[tuple[str, str]]:
    value = unpacked(value)
    if isinstance(value, str):
        if not value.startswith(RUNS):
            yield place, value
    elif isinstance(value, Mapping):
        # In one order, whatever the file's.
        for key in sorted(value):
            yield from _paths(f"{place}.{key}", value[key])
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _paths(f"{place}.{number}", each)


def unpacked(value: Any) -> Any:
    """Paths by language, which may be given as a text of JSON; any other text is a path."""
    if not isinstance(value, str) or not value.lstrip().startswith("{"):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _named(place: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key in sorted(value):
            if key in ENCODER_KEYS and isinstance(value[key], str):
                yield f"{place}.{key}", value[key]
            else:
                yield from _named(f"{place}.{key}", value[key])
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _named(f"{place}.{number}", each)
