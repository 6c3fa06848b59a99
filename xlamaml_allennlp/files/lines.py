"""A text file line by line, wherever it is and however it is packed."""

from collections.abc import Iterator
from functools import partial

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.bounded import LIMIT
from xlamaml_allennlp.files.opening import BOM, BROKEN, broken, opened

# The most bytes of a line. With all its columns, a line of XNLI has two thousand at most.
LINE = 1_000_000


def lines(path: str, limit: int = LIMIT) -> Iterator[tuple[int, str]]:
    """
    The lines of a UTF-8 file with their numbers, counted from 1, without line ends and without blank ones.

    Lines end at a line feed only: texts may hold the other separators that Unicode knows.

    # Parameters

    path : `str`
        A local path, a URL, or `archive.zip!member` of either; packed with gzip, bzip2 or xz, or not.
    limit : `int`, optional (default = `1_000_000_000`)
        The most bytes of the file, unpacked.

    # Raises

    `ConfigurationError`
        If the file is not there, is larger, is broken, or is not UTF-8; or a line is endless.
    """
    number = 0
    try:
        with opened(path, limit) as file:
            for number, line in enumerate(iter(partial(file.readline, LINE + 1), b""), start=1):
                if number == 1:
                    line = line.removeprefix(BOM)
                    _check_line_ends(path, line)
                if len(line) > LINE:
                    raise ConfigurationError(f"{path}:{number}: a line of more than {LINE / 1e6:g} MB. Check the file.")
                text = line.decode("utf-8").rstrip("\r\n")
                if text and not text.isspace():
                    yield number, text
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"{path}:{number}: not UTF-8 (byte {error.object[error.start]:#04x} as byte {error.start + 1} of the "
            "line). Convert the file to UTF-8."
        ) from error
    except BROKEN as error:
        raise broken(path, error, f", readable up to line {number}") from error


def _check_line_ends(path: str, first: bytes) -> None:
    if not first.endswith(b"\n") and b"\r" in first.rstrip(b"\r"):
        raise ConfigurationError(
            f"{path}: its lines end in carriage returns alone. Convert them to line feeds: tr '\\r' '\\n'"
        )
