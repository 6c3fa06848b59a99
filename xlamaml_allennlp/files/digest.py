"""What a file holds, told by a hash, which is computed once as long as the file stays as it is."""

import hashlib
import os
import time
from typing import Any, NamedTuple, Optional

from xlamaml_allennlp.files.opening import Place, located, opened_at

# What is hashed at once.
PIECE = 1 << 20
# Nanoseconds for which a file is not to have changed before it is hashed: a file system tells times by a clock that may
# stand still for some milliseconds (FAT: 2 s), and what is written twice between two of its ticks looks the same.
SETTLED = 3_000_000_000


class _Known(NamedTuple):
    state: tuple[int, ...]
    length: int
    sha256: str


_known: dict[Place, _Known] = {}


def sha256_unpacked(path: str, limit: Optional[int]) -> str:
    """
    The SHA-256 of a file's content, unpacked. It is computed once in a process, and again when the file has changed: by
    its place on the disk, its size, or the times at which its content and it itself changed last.

    `path` and `limit` are as of `opened`, and errors those of reading.
    """
    place = located(path)
    now, state = time.time_ns(), _state(place)
    known = _known.get(place)
    if known is not None and known.state == state and (limit is None or known.length <= limit):
        return known.sha256
    length, sha256 = _read(path, place, limit)
    if state is not None and max(state[-2:]) < now - SETTLED and _state(place) == state:
        _known[place] = _Known(state, length, sha256)
    return sha256


def _state(place: Place) -> Optional[tuple[int, ...]]:
    try:
        found: Any = os.stat(place[0])
    except (OSError, ValueError):  # whoever reads says why
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _read(path: str, place: Place, limit: Optional[int]) -> tuple[int, str]:
    found, length = hashlib.sha256(), 0
    with opened_at(path, place, limit) as file:
        while chunk := file.read(PIECE):
            found.update(chunk)
            length += len(chunk)
    return length, found.hexdigest()
