"""Who does a step holds it by a file, for as long as a process has that open."""

import fcntl
import os
from pathlib import Path
from typing import Optional


def hold(path: Path) -> Optional[int]:
    """A file descriptor that holds a file for this process and those that inherit it; `None` if others hold it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
