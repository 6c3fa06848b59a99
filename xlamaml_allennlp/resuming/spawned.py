"""
The workers of distributed training, watched by the command that started them, which has nothing else to do.

Importing the package mends it: AllenNLP's would wait for ever for a worker that is stopped, and knows of one node only.
"""

import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import wait
from types import SimpleNamespace
from typing import Any

import torch.multiprocessing as mp
from allennlp.commands import train

from xlamaml_allennlp.resuming import children
from xlamaml_allennlp.resuming.children import Patience, end_of, is_stopped
from xlamaml_allennlp.resuming.nodes import Nodes, nodes_of

START_METHOD = "spawn"
LOOKS = 1.0
"""Seconds between looks at the workers."""
GRACE = 5.0
"""Seconds that workers have to end by themselves when one of them has failed, and once more when they are told to."""
INTERRUPTED = 128 + signal.SIGINT


def watch_workers() -> None:
    """Has AllenNLP start its workers by `spawn` of this file."""
    train.mp = SimpleNamespace(spawn=spawn)  # type: ignore[assignment]


def spawn(function: Callable[..., None], args: Sequence[Any], nprocs: int) -> None:
    """
    Runs `function` in `nprocs` processes, of which one that fails ends all, here and on other nodes.

    How long a worker takes for anything does not matter: given up is only one that has ended, or was stopped.

    # Raises

    `torch.multiprocessing.ProcessRaisedException`, `ProcessExitedException`
        If a worker failed, was killed or stopped: which, and what happened.
    `RuntimeError`
        If another node failed or is gone: which, and what happened.
    """
    with nodes_of(function, args) as nodes:
        context = mp.start_processes(_work, (function, tuple(args)), nprocs, join=False, start_method=START_METHOD)
        assert context is not None
        nodes.talk()
        try:
            _wait(context, nodes)
            nodes.end()
        except (mp.ProcessRaisedException, mp.ProcessExitedException) as error:
            others = nodes.end(error.msg)
            if others:
                error.add_note("\n".join(others))
            raise
        except Exception:  # of another node, for which they wait
            nodes.end(waits=False)
            _outwait(context.processes, 0.0)
            raise
        except BaseException as interruption:
            nodes.end(type(interruption).__name__, waits=False)
            _outwait(context.processes, float("inf"))  # they may be writing an archive
            raise


def _work(process_rank: int, function: Callable[..., None], args: Sequence[Any]) -> None:
    try:
        function(process_rank, *args)
    except KeyboardInterrupt:
        # Torch takes one that was interrupted alone for one that has finished, and the others would wait for it.
        sys.exit(INTERRUPTED)


def _wait(context: Any, nodes: Nodes) -> None:
    patience, count = Patience(), len(context.processes)
    what: dict[int, str] = {}
    try:
        while not context.join(timeout=LOOKS, grace_period=GRACE):
            nodes.check()
            for number, (worker, file) in enumerate(zip(context.processes, context.error_files, strict=True)):
                if patience.is_over(worker):
                    what[number] = f"has been stopped (SIGSTOP) for {children.STOPPED:.0f} s"
                    worker.kill()
                elif _has_failed(file):  # and hangs in its end, with what it holds
                    worker.kill()
    except mp.ProcessExitedException as error:
        number, process = error.error_index, error.error_pid
        error.msg = (
            f"Worker {number} of the {count} here (process {process} on {socket.gethostname()}) "
            f"{what.get(number) or end_of(error.exit_code)}, so all of them stop."
        )
        error.args = (error.msg,)
        raise


def _has_failed(file: str) -> bool:
    """Whether a worker wrote some time ago what it failed of."""
    with contextlib.suppress(FileNotFoundError):
        return time.time() - os.path.getmtime(file) > 2 * GRACE
    return False


def _outwait(workers: Sequence[Any], seconds: float) -> None:
    """Waits for workers to end; those that are stopped, or take longer, are ended."""
    until = time.monotonic() + seconds
    while living := [worker for worker in workers if worker.is_alive()]:
        for worker in living:
            if time.monotonic() > until or is_stopped(worker):
                worker.kill()
        wait([worker.sentinel for worker in living], LOOKS)
