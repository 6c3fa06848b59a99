"""Who makes an entry of a cache has it to itself, so that of several processes one works and the others wait."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def making(cache: Path, name: str) -> Iterator[bool]:
    """
    A context in which no other process makes the entry. Where files cannot be locked it begins at once: entries are
    whole even so. It gives whether it is locked.

    # Parameters

    cache : `Path`
        The folder of all entries.
    name : `str`
        The entry's name.
    """
    descriptor, is_locked = None, False
    try:
        cache.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(cache / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        is_locked = True
    except OSError:  # a folder that cannot be written to is told of by whoever writes
        pass
    try:
        yield is_locked
    finally:
        if descriptor is not None:
            os.close(descriptor)
