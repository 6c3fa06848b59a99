"""Commands of a study in forks of this process, which has imported everything, and kills at a chosen place."""

import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Optional

from allennlp import commands

# What is called, by whom, in which step, the how-manieth time: the process is killed before that call.
Kill = tuple[Any, str, str, int]


class Forked:
    """A command under way in a fork. `started` counts those that have been, by what they were called with."""

    started: list[Sequence[str]] = []

    def __init__(
        self,
        arguments: Sequence[str],
        log: Path,
        environment: Mapping[str, str],
        inherit: Sequence[int],
        kill: Optional[Kill] = None,
    ) -> None:
        Forked.started.append(arguments)
        target = multiprocessing.get_context("fork").Process
        self.process = target(target=_command, args=(arguments, log, kill))
        self.process.start()
        self.began: Optional[float] = time.time()
        self.peak_memory_mb: Optional[float] = 1.0

    def poll(self) -> Optional[int]:
        return self.process.exitcode

    def interrupt(self) -> None:
        self.process.terminate()


def killing(owner: Any, name: str, step: str, call: int) -> Callable[..., Forked]:
    """A launch whose commands that name `step` are killed before the `call`-th call of a function."""

    def launch(arguments: Sequence[str], log: Path, environment: Mapping[str, str], inherit: Sequence[int]) -> Forked:
        named = any(f"/{step}" in argument for argument in arguments)
        return Forked(arguments, log, environment, inherit, (owner, name, step, call) if named else None)

    return launch


def _command(arguments: Sequence[str], log: Path, kill: Optional[Kill]) -> None:
    sink = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    sys.stdout = sys.stderr = os.fdopen(os.dup(sink), "w", buffering=1)
    if kill is not None:
        owner, name, _, call = kill
        setattr(owner, name, _killing(getattr(owner, name), call))
    sys.argv = ["allennlp", *arguments]
    # This package is imported, and looking for others takes a second.
    setattr(commands, "import_plugins", lambda: None)  # noqa: B010
    code = 1
    try:
        commands.main()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        # Without this process's threads and files, which are its parent's.
        os._exit(code)


def _killing(function: Callable[..., Any], call: int) -> Callable[..., Any]:
    calls = [0]

    def counted(*arguments: Any, **keys: Any) -> Any:
        calls[0] += 1
        if calls[0] == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **keys)

    return counted
