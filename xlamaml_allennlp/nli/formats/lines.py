"""A text file line by line, wherever it is and however it is packed."""

import gzip
import os
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from allennlp.common.checks import ConfigurationError
from allennlp.common.file_utils import cached_path

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
BOM = b"\xef\xbb\xbf"


def lines(path: str) -> Iterator[tuple[int, str]]:
    """
    The lines of a UTF-8 file with their numbers, counted from 1, without line ends and without blank ones.

    Lines end at a line feed only: texts may hold the other separators that Unicode knows.

    # Parameters

    path : `str`
        A local path, a URL, or `archive.zip!member` of either; gzipped or not.

    # Raises

    `ConfigurationError`
        If the file is not there, is a broken gzip file, or is not UTF-8.
    """
    number = 0
    try:
        with _opened(path) as file:
            for number, line in enumerate(file, start=1):
                text = (line.removeprefix(BOM) if number == 1 else line).decode("utf-8").rstrip("\r\n")
                if text and not text.isspace():
                    yield number, text
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"{path}:{number}: not UTF-8 (byte {error.object[error.start]:#04x} as byte {error.start + 1} of the "
            "line). Convert the file to UTF-8."
        ) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ConfigurationError(
            f"{path}: a broken gzip file, readable up to line {number} ({error}). Get it again."
        ) from error


def _opened(path: str) -> BinaryIO:
    local = _local(path)
    with open(local, "rb") as file:
        head = file.read(len(ZIP))
    if head == ZIP or path.endswith((".tar.gz", ".tgz", ".tar")):
        raise ConfigurationError(f"{path}: an archive. Name the file in it: {path}!folder/file.tsv")
    if head.startswith(GZIP):
        return cast(BinaryIO, gzip.open(local, "rb"))
    if path.endswith(".gz"):
        raise ConfigurationError(f"{path}: not a gzip file, though its name ends in .gz. Rename it, or get it again.")
    return open(local, "rb")


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
