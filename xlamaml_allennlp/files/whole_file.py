"""Files of tensors that are there in one piece or not at all, and that tell when they have been damaged."""

import hashlib
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Optional

import torch
from allennlp.common.checks import ConfigurationError

TRAILER = re.compile(rb"\nsha256:([0-9a-f]{64})\n\Z")
TRAILER_LENGTH = len("\nsha256:") + 64 + 1
_ZIP_END_LENGTH = 22
# With the length of the comment that follows, the last two bytes of a zip file's end.
_ZIP_END_WITHOUT_COMMENT = re.compile(rb"PK\x05\x06.{16}\x00\x00\Z", re.DOTALL)
_PIECE = 2**20


def write_whole(state: Any, path: str) -> None:
    """
    Saves to a file that replaces `path` once it is complete and on the disk.

    Its checksum is the comment of the zip file that torch writes, where `torch.load` does not look: it goes wherever
    the file goes, and a file that was cut just before it says that a comment is missing.

    # Raises

    `OSError`
        If it cannot be written; the system's word, and what was at `path` is still there.
    """
    with in_place_of(path) as partial:
        with open(partial, "wb") as file:
            torch.save(state, file)
        _announce_trailer(partial)
        digest = _digest(partial, os.path.getsize(partial))
        with open(partial, "ab") as file:
            file.write(f"\nsha256:{digest}\n".encode())
            _to_disk(file)


def write_text_whole(text: str, path: str) -> None:
    """
    Writes a text to a file that replaces `path` once it is complete and on the disk.

    # Raises

    `OSError`
        If it cannot be written; the system's word, and what was at `path` is still there.
    """
    if os.path.islink(path) or (os.path.exists(path) and not os.path.isfile(path)):
        Path(path).write_text(text, encoding="utf-8")  # a terminal, for example, which nothing must take the place of
        return
    with in_place_of(path) as partial, open(partial, "w", encoding="utf-8") as file:
        file.write(text)
        _to_disk(file)


@contextmanager
def in_place_of(path: str) -> Iterator[str]:
    """
    A context that writes a file beside `path`, which takes its place at the end.

    # Raises

    `OSError`
        If it cannot be written; the system's word, and what was at `path` is still there.
    """
    partial = f"{path}.partial"
    try:
        yield partial
    except (OSError, RuntimeError) as error:
        Path(partial).unlink(missing_ok=True)
        raise _by_the_systems_word(error, path) from error
    Path(partial).replace(path)
    _settle(os.path.dirname(path) or ".")


def _to_disk(file: IO[Any]) -> None:
    file.flush()
    os.fsync(file.fileno())


def damage(path: str) -> Optional[str]:
    """
    What is wrong with a file of tensors; `None` if nothing is.

    Of a file that something else than `write_whole` wrote, the checksums that torch put into it are verified.
    """
    try:
        size = os.path.getsize(path)
        with open(path, "rb") as file:
            file.seek(max(0, size - TRAILER_LENGTH))
            end = file.read()
        trailer = TRAILER.search(end)
        if trailer is not None:
            found = _digest(path, size - TRAILER_LENGTH)
            return None if found == trailer[1].decode() else "its checksum is not that of its contents"
        if not _ZIP_END_WITHOUT_COMMENT.search(end):
            return f"it ends after {size} bytes without its checksum" if size else "it is empty"
        with zipfile.ZipFile(path) as members:
            damaged = members.testzip()
        return None if damaged is None else f"the checksum of its part {damaged} is not that of its contents"
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        return f"it cannot be read ({error})"


def check_whole(path: str) -> None:
    """
    Refuses a damaged file.

    # Raises

    `ConfigurationError`
        With its name, and what is wrong with it.
    """
    if problem := damage(path):
        raise ConfigurationError(f"{path} is damaged: {problem}. Bring it back, or train anew in another folder.")


def _announce_trailer(path: str) -> None:
    with open(path, "r+b") as file:
        file.seek(-_ZIP_END_LENGTH, os.SEEK_END)
        if _ZIP_END_WITHOUT_COMMENT.search(file.read()):
            file.seek(-2, os.SEEK_END)
            file.write(TRAILER_LENGTH.to_bytes(2, "little"))


def _digest(path: str, size: int) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while size > 0 and (piece := file.read(min(size, _PIECE))):
            digest.update(piece)
            size -= len(piece)
    return digest.hexdigest()


def _by_the_systems_word(error: Exception, path: str) -> OSError:
    # torch turns what the system said, "No space left on device", into a RuntimeError about its writer's position.
    while not isinstance(error, OSError) and isinstance(error.__context__, Exception):
        error = error.__context__
    number, text = (error.errno, error.strerror) if isinstance(error, OSError) else (None, str(error))
    return OSError(number, f"{text}; what was at this path before is untouched, and so are earlier checkpoints", path)


def _settle(folder: str) -> None:
    # The new name is on the disk only when the folder is.
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # where folders cannot be opened
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
