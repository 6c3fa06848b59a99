"""A command of AllenNLP as a process of its own, which ends when the study does."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Optional, Protocol

# prctl's PR_SET_PDEATHSIG.
_PARENT_DEATH_SIGNAL = 1


class Process(Protocol):
    """A command under way."""

    @property
    def began(self) -> Optional[float]:
        """When it began; `None` while it waits for a machine."""
        ...

    @property
    def peak_memory_mb(self) -> Optional[float]:
        """The most resident memory that it has had so far, where the system tells."""
        ...

    def poll(self) -> Optional[int]:
        """Its exit code, that of SIGKILL if its machine is gone; `None` while it runs."""
        ...

    def interrupt(self) -> None:
        """Asks it to stop, which it does as an interrupted run does."""
        ...


class Launch(Protocol):
    """Starts `python -m xlamaml_allennlp ARGUMENTS`, with standard output and error appended to a log."""

    def __call__(
        self, arguments: Sequence[str], log: Path, environment: Mapping[str, str], inherit: Sequence[int]
    ) -> Process: ...


class Command:
    """
    A new interpreter that runs a command.

    # Parameters

    arguments : `Sequence[str]`
        What follows `python -m xlamaml_allennlp`.
    log : `Path`
        What it says is appended to it.
    environment : `Mapping[str, str]`
        Variables beside those of this process.
    inherit : `Sequence[int]`
        File descriptors that it keeps: locks, which so last as long as it does.
    folder : `Optional[Path]`, optional (default = `None`)
        The folder that it is called in, if not that of this process.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        log: Path,
        environment: Mapping[str, str],
        inherit: Sequence[int],
        folder: Optional[Path] = None,
    ) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self.began: Optional[float] = time.time()
        with log.open("ab") as sink:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "xlamaml_allennlp", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                cwd=folder,
                pass_fds=tuple(inherit),
                # Ctrl-C is for the study, which then asks each of its commands once.
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        self.peak_memory_mb: Optional[float] = None

    def poll(self) -> Optional[int]:
        """Its exit code; `None` while it runs."""
        self.peak_memory_mb = peak_memory_of(self._process.pid) or self.peak_memory_mb
        return self._process.poll()

    def interrupt(self) -> None:
        """Sends SIGTERM: a run that is interrupted so leaves what it can be recovered from."""
        self._process.terminate()


def end_with_parent() -> None:
    """Has the kernel send this process SIGTERM when its parent is gone, on Linux; elsewhere it runs to its end."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def peak_memory_of(pid: int) -> Optional[float]:
    """The most resident memory that a process of this machine has had, in MB; `None` where nothing tells."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return None
