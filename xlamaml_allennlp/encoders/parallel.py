"""Texts that are tokenized by several processes at once, in their order."""

import logging
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from typing import Any, Optional, TypeVar

from torch.multiprocessing import _prctl_pr_set_pdeathsig  # type: ignore[attr-defined]

logger = logging.getLogger(__name__)

A = TypeVar("A")
B = TypeVar("B")
# Batches that wait for each process.
AHEAD = 2

# In a process of a pool, what it does.
_tokenize: Optional[Callable[[Any], Any]] = None


def batches_of(items: Iterator[A], size: int) -> Iterator[list[A]]:
    """Lists of so many of the items each, the last one of what is left."""
    while batch := list(islice(items, size)):
        yield batch


def tokenized_in_order(tokenize: Callable[[A], B], batches: Iterator[A], num_proc: int) -> Iterator[tuple[A, B]]:
    """
    Batches with what is made of each, in their order. The processes do nothing else, so that whoever reads counts and
    logs as with one.

    # Parameters

    tokenize : `Callable[[A], B]`
        What is to be done with a batch. The processes are copies of this one, and have it already.
    batches : `Iterator[A]`
        The batches. Some are taken ahead if there are several processes; of a single batch, none is started.
    num_proc : `int`
        How many processes, at least 1. Of 1, and in a process that may start none, such as a data loader's: this one.
    """
    if num_proc > 1 and not multiprocessing.current_process().daemon:
        first = list(islice(batches, 2))
        batches = chain(first, batches)
        if len(first) > 1:
            return _by_processes(tokenize, batches, num_proc)
    return ((batch, tokenize(batch)) for batch in batches)


def _by_processes(tokenize: Callable[[A], B], batches: Iterator[A], num_proc: int) -> Iterator[tuple[A, B]]:
    fork = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(num_proc, fork, _begin, (tokenize, os.getpid()))
    waiting: deque[tuple[A, Future[B]]] = deque()
    try:
        for batch in batches:
            waiting.append((batch, pool.submit(_run, batch)))
            if len(waiting) > AHEAD * num_proc:
                yield waiting[0][0], waiting[0][1].result()
                waiting.popleft()
        while waiting:
            yield waiting[0][0], waiting[0][1].result()
            waiting.popleft()
    except BrokenProcessPool:
        logger.warning("A process that tokenized was killed, as by want of memory (num_proc); this one goes on alone.")
        for batch in chain((batch for batch, _ in waiting), batches):
            yield batch, tokenize(batch)
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(tokenize: Callable[[Any], Any], parent: int) -> None:
    global _tokenize
    _tokenize = tokenize
    _prctl_pr_set_pdeathsig(signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a run archives its model there
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which ends its processes
    os.environ["TOKENIZERS_PARALLELISM"] = "false"  # its threads were not copied


def _run(batch: Any) -> Any:
    assert _tokenize is not None
    return _tokenize(batch)
