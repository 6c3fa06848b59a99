"""What the system says of processes that this one has started."""

import os
import time
from multiprocessing.process import BaseProcess
from signal import Signals
from typing import Optional

STOPPED = 20.0
"""Seconds after which a process that was stopped (SIGSTOP) is given up. Ctrl-Z stops the one that counts them, too."""


def is_stopped(process: BaseProcess) -> bool:
    """Whether a process is stopped by a signal: a child of this one that has not ended. One that is slow is not."""
    if process.pid is None or process.exitcode is not None or not hasattr(os, "waitid"):  # macOS before Python 3.13
        return False
    try:
        # What it finds stays for whoever asks next.
        return os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return False


class Patience:
    """How long each of some processes has been stopped, as far as it was looked at."""

    def __init__(self) -> None:
        # When each of them was found stopped first, and last.
        self._found: dict[int, tuple[float, float]] = {}

    def is_over(self, process: BaseProcess) -> bool:
        """Whether a process has been found stopped for so long, at each of many looks, that it is given up."""
        assert process.pid is not None
        first, last = self._found.pop(process.pid, (0.0, 0.0))
        if not is_stopped(process):
            return False
        now = time.monotonic()
        if now - last > STOPPED / 2:  # who looks may have been stopped as well
            first = now
        self._found[process.pid] = first, now
        return now - first >= STOPPED


def end_of(exit_code: Optional[int]) -> str:
    """What an exit code, as `multiprocessing` gives it, says: "was ended by SIGKILL"."""
    if exit_code is None or exit_code >= 0:
        return f"ended with exit code {exit_code}"
    known = {number.value: number.name for number in Signals}
    return f"was ended by {known.get(-exit_code, f'signal {-exit_code}')}"
