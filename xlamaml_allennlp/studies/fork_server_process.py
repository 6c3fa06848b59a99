"""
The process that a study's commands are forked off: it imports everything, and forks when it is told to.

`fork_server.py` starts it. A fork becomes a child of the study and not of this process: the study learns how it ends,
and it ends with the study, whatever becomes of this process.
"""

import contextlib
import ctypes
import json
import os
import runpy
import socket
import sys
import time
from collections.abc import Sequence
from typing import Optional

from xlamaml_allennlp.studies.everything import check_that_forks_work, import_everything, renew
from xlamaml_allennlp.studies.process import end_with_parent

# prctl's PR_SET_NAME.
_SET_NAME = 15


def main(connection: socket.socket, study: int) -> None:
    """Forks until the study closes the connection; and in each fork does its command."""
    import_everything()
    check_that_forks_work()
    sys.stdout.flush()
    arguments = _arguments_of_a_fork(connection, study)
    if arguments is not None:
        sys.argv[1:] = arguments
        # As `python -m xlamaml_allennlp` does.
        runpy.run_module("xlamaml_allennlp.command_line", run_name="__main__", alter_sys=True)


def _arguments_of_a_fork(connection: socket.socket, study: int) -> Optional[Sequence[str]]:
    """Returns in every fork, with what it is called with; and here with `None`, when the study is over."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(connection, 2**20, 16)
        if not message:
            return None
        between = os.fork()
        if between == 0:
            between = os.getpid()
            # Its parent ends, and so the study becomes its parent.
            if os.fork():
                os._exit(0)
            connection.close()
            while os.getppid() == between:
                time.sleep(0.001)
            request = json.loads(message)
            _begin(request["name"], descriptors, study)
            return request["arguments"]
        # Locks last as long as the command: this process holds none.
        for each in descriptors:
            os.close(each)
        os.waitpid(between, 0)


def _begin(name: str, descriptors: Sequence[int], study: int) -> None:
    """Makes a fork what `Command` makes a new interpreter, and waits for the study's word."""
    answer, sink = socket.socket(fileno=descriptors[0]), descriptors[1]
    os.setsid()
    for each in (1, 2):
        os.dup2(sink, each)
    os.close(sink)
    ctypes.CDLL(None).prctl(_SET_NAME, name.encode())
    end_with_parent()
    renew()
    with answer, contextlib.suppress(OSError):
        # Where the study has not become its parent, nothing would end it with the study.
        if os.getppid() == study:
            answer.send(str(os.getpid()).encode())
            if answer.recv(64):
                return
    os._exit(1)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
