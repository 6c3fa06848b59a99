"""The ledger of a run: a file of lines per worker, read as one."""

import heapq
import os
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from operator import attrgetter
from pathlib import Path

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.provenance.ledger_line import Line

_NAME = re.compile(r"episodes_w(\d+)\.jsonl")


def ledger_file(folder: Path, worker: int) -> Path:
    """The file of one worker."""
    return folder / f"episodes_w{worker}.jsonl"


def ledger_files(folder: Path) -> list[Path]:
    """The files there are, in the order of the workers."""
    found = {path: match for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))}
    return sorted(found, key=lambda path: int(found[path][1]))


def append(path: Path, lines: Iterable[Line]) -> None:
    """
    Adds lines to a file, in one piece where the system has room.

    # Raises

    `OSError`
        If they cannot be written; by the system's word.
    """
    text = "".join(f"{line.to_json()}\n" for line in lines)
    try:
        with open(path, "ab") as file:
            # Halves of characters, which JSON can hold and UTF-8 cannot, as JSON's own escapes.
            file.write(text.encode(errors="backslashreplace"))
    except OSError as error:
        way_out = "make room and start again with --recover, or set trainer.ledger to false"
        raise OSError(error.errno, f"{error.strerror}; the ledger cannot be written: {way_out}", str(path)) from error


def cut(path: Path, step: int) -> int:
    """
    Cuts off the end of a file that belongs to later meta steps, or was torn by a kill. A file that is not there is
    an empty one.

    # Returns

    `int`
        The step of the last line that is left; 0 if none is.
    """
    if not path.exists():
        return 0
    content = path.read_bytes()
    end, last = len(content), 0
    for line in reversed(content.splitlines(keepends=True)):
        last = _step_of(line)
        if 0 < last <= step:
            break
        end, last = end - len(line), 0
    if end < len(content):
        os.truncate(path, end)
    return last


def read_ledger(folder: Path) -> Iterator[Line]:
    """
    The episodes of a run in the order of the stream that its workers share.

    # Parameters

    folder : `Path`
        The run's folder, or any other with its ledger's files.

    # Raises

    `ConfigurationError`
        If a line is torn or damaged, with the file and its number.
    """
    return heapq.merge(*map(_lines, ledger_files(folder)), key=attrgetter("episode"))


def gaps(numbers: Iterable[int], end: int = 0) -> list[tuple[int, int]]:
    """
    The first and last of the episodes that are missing, wherever some are: power cuts take what was not on disk.

    # Parameters

    numbers : `Iterable[int]`
        The numbers of those that are there, ascending.
    end : `int`, optional (default = `0`)
        The last that there should be; it is not known by default.
    """
    missing, last = [], 0
    for number in chain(numbers, [end + 1]):
        if number > last + 1:
            missing.append((last + 1, number - 1))
        last = number
    return missing


def _step_of(line: bytes) -> int:
    """The step that a whole line is about; 0 if it is torn."""
    if not line.endswith(b"\n"):
        return 0
    try:
        return Line.from_json(line.decode()).step
    except ValueError:
        return 0


def _lines(path: Path) -> Iterator[Line]:
    last = 0
    with open(path, "rb") as file:
        for number, content in enumerate(file, start=1):
            if not content.endswith(b"\n"):
                raise ConfigurationError(
                    f"{path}:{number}: the file ends within a line, where the run was killed or is writing just now. "
                    "`allennlp train CONFIG -s RUN --recover` cuts the line off and goes on; or remove it."
                )
            try:
                line = Line.from_json(content.decode())
            except ValueError as error:
                raise ConfigurationError(
                    f"{path}:{number} is damaged: {error}. Bring the file back, or remove the line."
                ) from error
            if line.episode <= last:
                raise ConfigurationError(
                    f"{path}:{number} is about episode {line.episode}, after a line about episode {last}. The file was "
                    "written by two runs or changed; bring it back."
                )
            last = line.episode
            yield line
