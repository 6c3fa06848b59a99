"""Whether what is to be written is what is read."""

import os
import stat
from collections.abc import Hashable, Iterator, Mapping
from os import PathLike
from typing import Any, Optional


def identity(path: str) -> Optional[Hashable]:
    """
    What all names of one local file have in common, be it there or not; `None` for a device or a pipe, into which
    anything may be written twice.
    """
    try:
        state = os.stat(path)
    except (OSError, ValueError):
        return os.path.realpath(path) if "\0" not in path else path
    return (state.st_dev, state.st_ino) if stat.S_ISREG(state.st_mode) else None


def files_named(data_path: Any) -> Iterator[str]:
    """The files of a path, or of the paths of a mapping or a list; of `archive.zip!member` that of the archive."""
    if isinstance(data_path, Mapping):
        data_path = list(data_path.values())
    if isinstance(data_path, list):
        for member in data_path:
            yield from files_named(member)
    elif isinstance(data_path, (str, PathLike)):
        path = str(data_path)
        yield path if os.path.exists(path) else path.partition("!")[0]


def is_read(path: str, data_path: Any) -> bool:
    """Whether a file is one of those that a data path names."""
    own = identity(path)
    return own is not None and own in map(identity, files_named(data_path))
