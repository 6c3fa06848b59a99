"""
What a worker of Ray does of a study: one command, as a process of its own.

It gets this module by value, with `holding.py` and `process.py`, and so imports nothing of this package: that takes
seconds and half a gigabyte, which the command needs itself.
"""

import os
import socket
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Optional

from xlamaml_allennlp.studies.holding import hold
from xlamaml_allennlp.studies.process import Command

# Seconds between looks at the command; at a step that another process still holds.
INTERVAL = 0.2
# A command's exit code, its seconds, and its peak memory in MB.
Result = tuple[int, float, Optional[float]]


def do_on_node(arguments: Sequence[str], folder: Path, log: Path, environment: Mapping[str, str], lock: Path) -> Result:
    """
    Runs `python -m xlamaml_allennlp ARGUMENTS` to its end; cancelled, it asks the command to stop and waits for it.

    # Parameters

    arguments : `Sequence[str]`
        What the command is called with.
    folder : `Path`
        The folder that it is called in.
    log : `Path`
        What it says is appended to it, after a line that says where it runs.
    environment : `Mapping[str, str]`
        Variables beside the worker's.
    lock : `Path`
        The file by which this machine holds the step, for as long as the command lasts.

    # Raises

    `FileNotFoundError`
        If this machine does not have the folder.
    """
    if not log.parent.is_dir() or not folder.is_dir():
        missing = folder if log.parent.is_dir() else log.parent
        raise FileNotFoundError(f"{missing} is not there on {socket.gethostname()}. All machines must share it.")
    descriptor = _held(lock)
    try:
        with log.open("a", encoding="utf-8") as opened:
            opened.write(f"on {socket.gethostname()}, by process {os.getpid()}\n")
        started = time.monotonic()
        command = Command(arguments, log, environment, [descriptor], folder)
        code = _end_of(command)
        return code, time.monotonic() - started, command.peak_memory_mb
    finally:
        os.close(descriptor)


def _end_of(command: Command) -> int:
    while True:
        # Ray cancels a task by Ctrl-C's exception.
        try:
            while (code := command.poll()) is None:
                time.sleep(INTERVAL)
            return code
        except KeyboardInterrupt:
            command.interrupt()


def _held(lock: Path) -> int:
    while (descriptor := hold(lock)) is None:
        time.sleep(INTERVAL)
    return descriptor
