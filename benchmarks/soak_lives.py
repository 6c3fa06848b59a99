"""A run in processes of its own, from its start to its end or to a kill."""

import multiprocessing
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Optional

import torch.distributed as dist
from allennlp.commands.train import train_model
from allennlp.common import Params
from tqdm import tqdm

from xlamaml_allennlp.resuming import ResumableTrainer, spawned

SECONDS = 120.0
KINDS = ("files", "steps")
FOREVER = "did not end"


class Blow(NamedTuple):
    """
    A kill: some time after a moment of the run.

    # Parameters

    kind : `str`
        What is counted: "files", each time that a file in the run's folder is opened, renamed or removed, or "steps".
    number : `int`
        The number of the moment, from 1.
    seconds : `float`
        The time after it.
    who : `Optional[int]`
        Whose moments are counted: a worker's, or of the command that started them (`None`).
    all : `bool`
        Whether all processes of the run are killed, or that one.
    """

    kind: str
    number: int
    seconds: float
    who: Optional[int]
    all: bool

    @classmethod
    def drawn(cls, chance: random.Random, moments: dict[str, int], workers: int) -> "Blow":
        """A blow at random; early ones more often, because a life that goes on has less before it."""
        kind = chance.choice(KINDS)
        who = chance.choice([*range(workers), *([None] if kind == "files" else [])]) if workers > 1 else None
        number = 1 + int(moments[kind] * chance.random() ** 2)
        return cls(kind, number, chance.uniform(0, 0.03), who, chance.random() < 0.5)


class Life(NamedTuple):
    """How a life ended: "finished", "killed", or what went wrong; the moments of its process; and its blow."""

    end: str
    moments: dict[str, int]


def live(params: Params, folder: Path, recover: bool, blow: Optional[Blow]) -> Life:
    """Trains in a folder, or goes on there."""
    here, there = multiprocessing.Pipe()
    arguments = (params, folder, recover, blow, there)
    process = multiprocessing.get_context("fork").Process(target=_train, args=arguments)
    process.start()
    there.close()
    moments = dict.fromkeys(KINDS, 0)
    process.join(SECONDS)
    end = FOREVER if process.exitcode is None else ""
    if end:
        _kill_all(process.pid)
    process.join()
    _outwait(process.pid)
    was_struck = False
    try:
        while here.poll():
            found = here.recv()
            was_struck = was_struck or found is None
            for kind in KINDS if found else ():
                moments[kind] = max(moments[kind], found[kind])
    except (EOFError, OSError):
        pass
    if not end:
        end = "finished" if process.exitcode == 0 else "killed" if was_struck else f"exit code {process.exitcode}"
    return Life(end, moments)


def _train(params: Params, folder: Path, recover: bool, blow: Optional[Blow], results: Any) -> None:
    os.setpgrp()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"  # threads of tokenizers and forks do not go together
    tqdm.set_lock(threading.RLock())  # tqdm's own is shared by all lives, and one that is killed may hold it
    folder.mkdir(exist_ok=True)
    console = os.open(folder.with_suffix(".console"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(console, sys.stdout.fileno())
    os.dup2(console, sys.stderr.fileno())
    spawned.START_METHOD, spawned.LOOKS, spawned.GRACE = "fork", 0.1, 2.0
    moments, work = _count(str(folder), blow, results), spawned._work

    def working(*arguments: Any) -> None:
        work(*arguments)
        results.send(moments)

    spawned._work = working  # type: ignore[assignment]
    train_model(params, folder, recover=recover)
    results.send(moments)


def _count(folder: str, blow: Optional[Blow], results: Any) -> dict[str, int]:
    """Counts the moments of each process, and strikes at one of them."""
    moments = dict.fromkeys(KINDS, 0)

    def passed(kind: str) -> None:
        moments[kind] += 1
        if blow is not None and (kind, moments[kind]) == (blow.kind, blow.number) and _who() == blow.who:
            results.send(None)
            _strike(blow)

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("open", "os.rename", "os.remove", "os.link") and str(arguments[0]).startswith(folder):
            passed("files")

    step: Callable[..., Any] = ResumableTrainer.rescale_gradients

    def stepping(trainer: Any) -> Any:
        passed("steps")
        norm = step(trainer)
        passed("steps")
        return norm

    ResumableTrainer.rescale_gradients = stepping  # type: ignore
    sys.addaudithook(audit)
    return moments


def _who() -> Optional[int]:
    return dist.get_rank() if dist.is_initialized() else None


def _strike(blow: Blow) -> None:
    process, group = os.getpid(), os.getpgrp()
    if os.fork() == 0:
        os.setpgrp()  # or it could not look whether the others have gone
        time.sleep(blow.seconds)
        if blow.all:
            _kill_all(group)
        else:
            os.kill(process, signal.SIGKILL)
        os._exit(0)


def _kill_all(group: Optional[int]) -> None:
    assert group is not None
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _outwait(group: Optional[int]) -> None:
    """Waits until nobody of a run is left, who could write where the next life does."""
    assert group is not None
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    _kill_all(group)
