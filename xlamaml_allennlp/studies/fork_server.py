"""Commands of a study as forks of a process that has imported what they all import: AllenNLP, torch, the plugins."""

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Optional

import torch

from xlamaml_allennlp.studies.process import Command, Process, end_with_parent, peak_memory_of

# prctl's PR_SET_CHILD_SUBREAPER: who loses its parent below this process becomes a child of it.
_ADOPT = 36
_PROCESS = "xlamaml_allennlp.studies.fork_server_process"


class Fork:
    """A command under way: a child of this process, which another one has forked."""

    def __init__(self, pid: int) -> None:
        self._pid, self._code = pid, None  # type: tuple[int, Optional[int]]
        self.began: Optional[float] = time.time()
        self.peak_memory_mb: Optional[float] = None

    def poll(self) -> Optional[int]:
        """Its exit code; `None` while it runs."""
        if self._code is None:
            self.peak_memory_mb = peak_memory_of(self._pid) or self.peak_memory_mb
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            self._code = os.waitstatus_to_exitcode(status) if pid else None
        return self._code

    def interrupt(self) -> None:
        """Sends SIGTERM: a run that is interrupted so leaves what it can be recovered from."""
        if self.poll() is None:
            os.kill(self._pid, signal.SIGTERM)


class ForkServer(AbstractContextManager):
    """
    A `Launch` whose commands need not import anything, for as long as the `with` lasts.

    The first command starts the process that they are forked off. Where there is none, or no more, and for a command
    with other variables, it launches new interpreters. With a GPU, too: imports ask CUDA for it, and no fork of who has
    asked can use it.
    """

    def __init__(self) -> None:
        self._server: Optional[subprocess.Popen] = None
        self._variables: Mapping[str, str] = {}
        self._works = sys.platform == "linux" and not torch.cuda.is_available()

    def __exit__(self, *error: Any) -> None:
        if self._server is not None:
            self._connection.close()
            self._server.kill()
            self._server.wait()
            _adopt_orphans(False)

    def __call__(
        self, arguments: Sequence[str], log: Path, environment: Mapping[str, str], inherit: Sequence[int]
    ) -> Process:
        """Starts a command."""
        variables = {**os.environ, **environment}
        if self._works:
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("ab") as sink:
                if self._server is None:
                    self._start(variables, sink.fileno())
                if variables == self._variables:
                    message = json.dumps({"name": log.stem, "arguments": list(arguments)})
                    pid = self._forked(message.encode(), [sink.fileno(), *inherit])
                    if pid is not None:
                        return Fork(pid)
                    self._works = False
                    sink.write(b"What commands are forked off is gone. From here on each is a new interpreter.\n")
        return Command(arguments, log, environment, inherit)

    def _start(self, variables: Mapping[str, str], sink: int) -> None:
        self._connection, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        self._variables = variables
        _adopt_orphans(True)
        with theirs:
            self._server = subprocess.Popen(
                [sys.executable, "-m", _PROCESS, str(theirs.fileno()), str(os.getpid())],
                stdin=subprocess.DEVNULL,
                # What imports say is in the log of the first command.
                stdout=sink,
                stderr=sink,
                env=variables,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                preexec_fn=end_with_parent,
            )

    def _forked(self, message: bytes, descriptors: Sequence[int]) -> Optional[int]:
        """The process of a command; `None` if there is none, and will be none."""
        mine, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        with mine, contextlib.suppress(OSError):
            with theirs:
                socket.send_fds(self._connection, [message], [theirs.fileno(), *descriptors])
            # The other end is open in the server, then in the fork: whichever dies, nobody waits for it.
            pid = mine.recv(64)
            if pid:
                # It waits for this word. Where Ctrl-C comes before, it hears that there is nobody, and ends.
                mine.send(b"begin")
                return int(pid)
        return None


def _adopt_orphans(really: bool) -> None:
    ctypes.CDLL(None).prctl(_ADOPT, int(really))
