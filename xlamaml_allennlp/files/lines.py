"""A text file line by line, wherever it is and however it is packed."""

from collections.abc import Iterator

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.opening import BOM, BROKEN, opened


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
        with opened(path) as file:
            for number, line in enumerate(file, start=1):
                text = (line.removeprefix(BOM) if number == 1 else line).decode("utf-8").rstrip("\r\n")
                if text and not text.isspace():
                    yield number, text
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"{path}:{number}: not UTF-8 (byte {error.object[error.start]:#04x} as byte {error.start + 1} of the "
            "line). Convert the file to UTF-8."
        ) from error
    except BROKEN as error:
        raise ConfigurationError(
            f"{path}: a broken gzip file, readable up to line {number} ({error}). Get it again."
        ) from error
