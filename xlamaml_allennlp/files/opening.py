"""Files of data, wherever they are and however they are packed."""

import gzip
import os
import zlib
from typing import BinaryIO, cast

from allennlp.common.checks import ConfigurationError
from allennlp.common.file_utils import cached_path

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
BOM = b"\xef\xbb\xbf"
# What reading a broken gzip file raises.
BROKEN = (EOFError, gzip.BadGzipFile, zlib.error)


def opened(path: str) -> BinaryIO:
    """
    A file's content, unpacked.

    # Parameters

    path : `str`
        A local path, a URL, or `archive.zip!member` of either; gzipped or not.

    # Raises

    `ConfigurationError`
        If the file is not there, or is an archive of files.
    """
    local = _local(path)
    with open(local, "rb") as file:
        head = file.read(len(ZIP))
    if head == ZIP or path.endswith((".tar.gz", ".tgz", ".tar")):
        raise ConfigurationError(f"{path}: an archive. Name the file in it: {path}!folder/file")
    if head.startswith(GZIP):
        return cast(BinaryIO, gzip.open(local, "rb"))
    if path.endswith(".gz"):
        raise ConfigurationError(f"{path}: not a gzip file, though its name ends in .gz. Rename it, or get it again.")
    return open(local, "rb")


def read_text(path: str) -> str:
    """
    The whole text of a UTF-8 file, without its byte-order mark. `path` is as of `opened`.

    # Raises

    `ConfigurationError`
        If the file is not there, is a broken gzip file, or is not UTF-8; with the line.
    """
    try:
        with opened(path) as file:
            content = file.read()
        return content.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(
            f"{path}:{line}: not UTF-8 (byte {error.object[error.start]:#04x}). Convert the file to UTF-8."
        ) from error
    except BROKEN as error:
        raise ConfigurationError(f"{path}: a broken gzip file ({error}). Get it again.") from error


def _local(path: str) -> str:
    if os.path.isfile(path):
        return path
    try:
        return cached_path(path, extract_archive="!" in path)
    except FileNotFoundError as error:
        raise ConfigurationError(f"{path}: no such file ({error}). Check the path, or download the data.") from error
    except Exception as error:  # a dozen kinds: of the network, of URLs, of archives
        raise ConfigurationError(
            f"{path}: cannot be had ({type(error).__name__}: {error}). Check it, or download it and give its path."
        ) from error
