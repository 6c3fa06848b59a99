"""Workers of a run that does nothing but get into trouble, on one node or two, in processes that are forked."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any

import torch
import torch.distributed as dist
from allennlp.common.util import find_open_port

from xlamaml_allennlp.resuming import spawned
from xlamaml_allennlp.resuming.interruption import Terminated

Trouble = Callable[[], None]


def work(
    process_rank: int,
    troubles: dict[int, Trouble],
    node_rank: int,
    primary_addr: str,
    primary_port: int,
    world_size: int,
    distributed_device_ids: list[int],
) -> None:
    """A worker meets the others three times; before the second time it gets into its trouble."""
    rank = node_rank * len(distributed_device_ids) + process_rank
    address = f"tcp://{primary_addr}:{primary_port}"
    dist.init_process_group("gloo", init_method=address, rank=rank, world_size=world_size, timeout=timedelta(minutes=5))
    dist.all_reduce(torch.zeros(1))
    troubles.get(rank, lambda: None)()
    dist.all_reduce(torch.zeros(1))
    dist.barrier()


def run(troubles: dict[int, Trouble], node: int = 0, nodes: int = 1, port: Any = None) -> None:
    """A command on one node, whose run has two workers."""
    here = 2 // nodes
    spawned.spawn(work, (troubles, node, "127.0.0.1", port or find_open_port(), 2, list(range(here))), here)


def told(results: Connection, *arguments: Any) -> None:
    """Runs, and tells how it ended."""
    os.setpgrp()
    try:
        run(*arguments)
    except (Exception, KeyboardInterrupt, Terminated) as error:
        results.send("\n".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", [])]))
        return
    results.send("fine")


def commands(troubles: dict[int, Trouble], nodes: int) -> list[tuple[Any, Connection]]:
    """A command on each of some nodes: its process, and where it tells how it ended."""
    port, found = find_open_port(), []
    for node in range(nodes):
        here, there = multiprocessing.Pipe()
        process = multiprocessing.get_context("fork").Process(target=told, args=(there, troubles, node, nodes, port))
        process.start()
        there.close()
        found.append((process, here))
    return found


def outcomes(troubles: dict[int, Trouble], nodes: int) -> list[str]:
    """How the commands ended; one that said nothing was killed."""
    return [word(*command) for command in commands(troubles, nodes)]


def word(process: Any, results: Connection) -> str:
    """What a command said in the end."""
    try:
        return results.recv() if results.poll(30) else "waits for ever"
    except EOFError:
        return "killed"
    finally:
        process.kill()
        process.join()


def fail() -> None:
    raise MemoryError("no room for 3 tensors")


def signalled(number: int) -> Trouble:
    """The trouble of a worker that gets a signal."""

    def get() -> None:
        os.kill(os.getpid(), number)
        time.sleep(60)

    return get


def slow() -> None:
    time.sleep(1.5)


def lost() -> None:
    """A machine that is gone, with all that ran on it."""
    os.killpg(0, signal.SIGKILL)


def wait() -> None:
    """As if for others, where nothing tells it that they are gone."""
    time.sleep(60)


def fail_and_hang() -> None:
    """A failure whose process does not end, as with a thread that waits for something."""
    threading.Thread(target=time.sleep, args=(60,)).start()
    fail()
