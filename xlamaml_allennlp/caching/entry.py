"""An entry of a cache: a folder of files that is there as a whole or not at all."""

import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Optional

import xxhash

# Written last, into a folder that only then gets its name.
MARKER = "whole.txt"
_UNFINISHED = ".partial"
_PIECE = 1 << 20


class Draft:
    """
    A folder in which an entry is made, beside those that are whole.

    # Parameters

    cache : `Path`
        The folder of all entries, which is made if it is not there.
    name : `str`
        The name that the entry will have.

    # Raises

    `OSError`
        If it cannot be written to.
    """

    def __init__(self, cache: Path, name: str) -> None:
        cache.mkdir(parents=True, exist_ok=True)
        self._entry = cache / name
        self.folder = Path(tempfile.mkdtemp(prefix=f"{name}.", suffix=_UNFINISHED, dir=cache))

    def finish(self, about: Any) -> Path:
        """
        Gives the folder its name. If another process was faster, its entry stays.

        # Parameters

        about : `Any`
            What is to be known of the entry, as JSON; `about_entry` returns it.

        # Returns

        `Path`
            The entry.
        """
        files = {path.name: _state(path) for path in sorted(self.folder.iterdir())}
        with open(self.folder / MARKER, "w", encoding="utf-8") as file:
            told = json.dumps({"files": files, "about": about})
            file.write(f"{_hash(told)}\n{told}")
            file.flush()
            os.fsync(file.fileno())
        if self._entry.exists() and about_entry(self._entry) is None:
            shutil.rmtree(self._entry, ignore_errors=True)
        try:
            self.folder.rename(self._entry)
        except OSError:
            if about_entry(self._entry) is None:
                raise
            self.drop()
        return self._entry

    def drop(self) -> None:
        """Removes what was written."""
        shutil.rmtree(self.folder, ignore_errors=True)


def sweep(cache: Path, name: str) -> None:
    """
    Removes what killed processes left of an entry.

    # Parameters

    cache : `Path`
        The folder of all entries.
    name : `str`
        The entry's name, which no other process makes meanwhile.
    """
    for draft in cache.glob(f"{name}.*{_UNFINISHED}"):
        shutil.rmtree(draft, ignore_errors=True)


def about_entry(folder: Path) -> Optional[Any]:
    """
    What is known of an entry; `None` if it is not there, or not what was written: every byte is compared.

    # Parameters

    folder : `Path`
        The entry.
    """
    try:
        own, _, told = (folder / MARKER).read_text(encoding="utf-8").partition("\n")
        if own != _hash(told):
            return None
        marker = json.loads(told)
        whole = all(_state(folder / name) == state for name, state in marker["files"].items())
        return marker["about"] if whole else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def note_use(folder: Path) -> None:
    """Lets the time of an entry's last file say when it was used last, so that old entries can be told and removed."""
    with suppress(OSError):  # of a folder that belongs to another user, or was just removed
        os.utime(folder / MARKER)


def _hash(text: str) -> str:
    return str(xxhash.xxh3_128(text.encode()).hexdigest())


def _state(path: Path) -> list[Any]:
    """The length of a file and a hash of what it holds; xxHash is as fast as memory."""
    found = xxhash.xxh3_128()
    with open(path, "rb", buffering=0) as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return [os.path.getsize(path), found.hexdigest()]
