"""
The processes with which AllenNLP's data loader reads (`num_workers`), where it would wait for one of them for ever.

Importing the package mends it, because every loader of several processes is that one or built on it.
"""

import functools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from queue import Empty, SimpleQueue
from typing import Any, Optional

from allennlp.data.data_loaders import MultiProcessDataLoader
from torch.multiprocessing import _prctl_pr_set_pdeathsig  # type: ignore[attr-defined]

from xlamaml_allennlp.resuming import children
from xlamaml_allennlp.resuming.children import Patience, end_of, is_stopped

LOOKS = 1.0
"""Seconds between looks at the processes, while nothing comes from them."""


def watch_data_workers() -> None:
    """
    Lets a run end when a process that reads its data is killed or stopped, with what happened, and such a process when
    its run has ended.
    """
    for kind in ("instance", "batch"):
        for name, mended in ((f"_start_{kind}_workers", _watching), (f"_{kind}_worker", _ending_with_the_run)):
            setattr(MultiProcessDataLoader, name, mended(getattr(MultiProcessDataLoader, name)))
    join = MultiProcessDataLoader._join_workers
    MultiProcessDataLoader._join_workers = _without_the_dead(join)  # type: ignore[method-assign]


def _watching(start: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(start)
    def started(loader: Any, queue: Any, context: Any) -> Any:
        workers, senders = start(loader, queue, context)
        queue.get = received = _Received(queue.get, workers)
        queue.task_done = functools.partial(_done, queue, queue.task_done, received)
        return workers, senders

    return started


class _Received:
    """
    What comes from a queue, while the processes that fill it are looked at.

    A thread waits for it, because nothing else could be done meanwhile: the process may have written the half of a
    message, and tensors are asked for in a conversation with it.
    """

    def __init__(self, get: Callable[[], Any], workers: Sequence[BaseProcess]) -> None:
        self._get, self._workers, self._patience = get, workers, Patience()
        self._wanted, self._found = threading.Semaphore(0), SimpleQueue[tuple[Any, Optional[Exception]]]()
        self._is_over = False
        threading.Thread(target=self._fetch, daemon=True).start()

    def __call__(self) -> Any:
        # One at a time: where nothing is wanted the thread holds nothing that a fork could copy.
        self._wanted.release()
        while True:
            try:
                item, error = self._found.get(timeout=LOOKS)
            except Empty:
                self.look()
                continue
            if error is None:
                return item
            if isinstance(error, (OSError, EOFError)):  # who has died is found to be dead soon
                wait([worker.sentinel for worker in self._workers], 5.0)
                for worker in self._workers:
                    worker.join(0.1)  # it is gone a moment before the system says how
                self.look()
            raise error

    def close(self) -> None:
        """Lets the thread end."""
        self._is_over = True
        self._wanted.release()

    def _fetch(self) -> None:
        while self._wanted.acquire() and not self._is_over:
            try:
                self._found.put((self._get(), None))
            except Exception as error:
                self._found.put((None, error))

    def look(self) -> None:
        """Raises a `RuntimeError` if one of the processes has ended or was stopped."""
        for number, worker in enumerate(self._workers, 1):
            which = f"Process {number} of {len(self._workers)} that read data (data_loader.num_workers)"
            _check(which, worker, self._patience)


def _done(queue: Any, task_done: Callable[[], None], received: _Received) -> None:
    # A process that was killed may have had the lock.
    while not queue._cond.acquire(True, LOOKS):
        received.look()
    try:
        task_done()
    finally:
        queue._cond.release()


def _is_dead() -> None:
    raise ValueError("AllenNLP's way to say that a process has died, of which it tells the others nothing")


def _check(which: str, worker: BaseProcess, patience: Patience) -> None:
    # One that has read everything stays until it is joined.
    if worker.exitcode is not None:
        way_out = " If nobody ended it, it was the system, for want of memory: take fewer processes."
        raise RuntimeError(
            f"{which} {end_of(worker.exitcode)} before its time, and nothing more comes from the others."
            f"{way_out if worker.exitcode == -signal.SIGKILL else ''}"
        )
    if patience.is_over(worker):
        raise RuntimeError(
            f"{which} (number {worker.pid} on this machine) has been stopped (SIGSTOP) for {children.STOPPED:.0f} s, "
            "and the run would wait for it for ever."
        )


def _ending_with_the_run(work: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(work)
    def worker(*arguments: Any) -> None:
        # It cannot tell by its pipe that the run was killed: forked, it holds the other end of it as well.
        _prctl_pr_set_pdeathsig(signal.SIGKILL)
        run = multiprocessing.parent_process()
        if run is not None and os.getppid() != run.pid:
            os._exit(1)
        for number in (signal.SIGTERM, signal.SIGHUP):  # a run archives its model there
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which ends its processes
        work(*arguments)

    return worker


def _without_the_dead(join: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(join)
    def joined(loader: Any, workers: Sequence[BaseProcess], queue: Any, senders: Sequence[Connection]) -> None:
        queue.get.close()
        for worker in workers:
            if is_stopped(worker):  # nothing else reaches it
                worker.kill()
                worker.join()
        if not all(worker.is_alive() for worker in workers):
            queue.task_done = _is_dead
        # To tell the dead to stop is an error, which would hide the reason.
        living = [sender for worker, sender in zip(workers, senders, strict=True) if worker.is_alive()]
        join(loader, workers, queue, living)
        for worker in workers:
            worker.join()

    return joined
