"""The nodes of distributed training, which tell each other that they are there, and why they end."""

import inspect
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, Optional

from torch.distributed import TCPStore

LOOKS = 1.0
"""Seconds between a node's signs of life, and between its looks at the others'."""
SILENT = 30.0
"""Seconds without a sign of life after which a node is given up: its machine, or the command on it, is gone."""
FAREWELL = 15.0
"""Seconds that a node which has failed waits for the others, which may know why."""


class Nodes:
    """
    What the command on one node knows of those on the others, by a store that the first node's serves at the run's
    address and port. Its workers use that store as well, so it is there when a worker has gone.

    # Parameters

    node : `int`
        This node's rank.
    count : `int`
        The number of nodes; with one, nothing is done.
    address : `str`
        The first node's.
    port : `int`
        The run's port there.
    """

    def __init__(self, node: int, count: int, address: str, port: int) -> None:
        self._node, self._count = node, count
        self._address, self._port = address, port
        self._store: Optional[TCPStore] = self._connected() if count > 1 and node == 0 else None
        self._heard: dict[int, tuple[int, float]] = {}
        self._ended: dict[int, str] = {}
        self._is_over = threading.Event()
        self._looked = time.monotonic()
        self._problem: Optional[str] = None

    def talk(self) -> None:
        """Begins to talk with the others, once the workers are started: a thread could hold what they need."""
        self._looked = time.monotonic()
        if self._count > 1:
            # A store whose machine has lost its power answers neither yes nor no.
            threading.Thread(target=self._talk, daemon=True).start()

    def check(self) -> None:
        """
        Looks whether the others are well.

        # Raises

        `RuntimeError`
            If one has failed, with its message, or has given no sign of life for too long.
        """
        if self._problem is None and self._count > 1 and time.monotonic() - self._looked > 1.5 * SILENT:
            self._problem = f"Node 0 of {self._count} ({self._address}) does not answer."
        if self._problem is not None:
            raise RuntimeError(f"{self._problem} All nodes stop.")

    def end(self, message: str = "", waits: bool = True) -> list[str]:
        """
        Tells the others that this node ends, and why if it failed; returns the word of those that failed.

        # Parameters

        message : `str`, optional (default = `""`)
            What failed; empty if nothing did, or if others have said it.
        waits : `bool`, optional (default = `True`)
            Whether to wait for the others: for what they say of a failure, and else on the node that has the store.
        """
        if self._store is not None:
            with suppress(RuntimeError):  # the store is gone, and nobody listens
                self._store.set(f"end/{self._node}", f"{socket.gethostname()} {message}")
            until = time.monotonic() + (FAREWELL if message else float("inf"))
            while waits and self._is_awaiting(message) and time.monotonic() < until:
                time.sleep(LOOKS / 4)
            time.sleep(2 * LOOKS if self._node == 0 else 0)  # for others to read it
        self._is_over.set()
        return [text for _, text in sorted(self._ended.items()) if text]

    def _is_awaiting(self, message: str) -> bool:
        if not message and (self._node or self._problem):
            return False
        return not self._heard.keys() <= self._ended.keys()

    def _talk(self) -> None:
        # At once: a node that is lost before its first sign of life is waited for, as one that starts later is.
        while self._look() and not self._is_over.wait(LOOKS):
            pass

    def _look(self) -> bool:
        """Whether there is anybody to talk to."""
        pause, self._looked = time.monotonic() - self._looked, time.monotonic()
        if pause > SILENT / 2:  # this process was stopped itself, and the others may have been, too
            self._heard = {node: (beat, self._looked) for node, (beat, _) in self._heard.items()}
        try:
            if self._store is None and self._answers():
                self._store = self._connected()
            if self._store is not None:
                self._listen(self._store)
        except RuntimeError as error:  # of the store, which is gone with the first node
            if not self._is_over.is_set() and 0 not in self._ended:
                self._problem = f"Node 0 of {self._count} ({self._address}) is gone ({error})."
            return False
        return True

    def _listen(self, store: TCPStore) -> None:
        store.add(f"beat/{self._node}", 1)
        for node in range(self._count):
            if node == self._node or node in self._ended:
                continue
            if store.check([f"end/{node}"]):
                host, _, message = store.get(f"end/{node}").decode().partition(" ")
                self._ended[node] = message and f"Node {node} of {self._count} ({host}) failed: {message}"
                self._heard.setdefault(node, (0, 0.0))
                self._problem = self._problem or self._ended[node] or None
                continue
            beat = store.add(f"beat/{node}", 0)
            before, since = self._heard.get(node, (0, time.monotonic()))
            if beat > before:
                self._heard[node] = beat, time.monotonic()
            elif before and time.monotonic() - since > SILENT:
                self._problem = self._problem or (
                    f"Node {node} of {self._count} has given no sign of life for {SILENT:.0f} s: its command was "
                    "killed or stopped, or its machine cannot be reached."
                )

    def _answers(self) -> bool:
        # The store's own attempts would be reported one by one.
        try:
            socket.create_connection((self._address, self._port), LOOKS).close()
        except OSError:
            return False
        return True

    def _connected(self) -> TCPStore:
        return TCPStore(
            self._address,
            self._port,
            is_master=self._node == 0,
            timeout=timedelta(seconds=SILENT),
            wait_for_workers=False,
        )


@contextmanager
def nodes_of(function: Callable[..., None], args: Sequence[Any]) -> Iterator[Nodes]:
    """
    The nodes of a run, and a context in which its workers use their store.

    # Parameters

    function : `Callable[..., None]`
        What AllenNLP starts in each worker.
    args : `Sequence[Any]`
        Its arguments after the worker's number.
    """
    given = inspect.signature(function).bind(0, *args).arguments
    node, address, port = (given[key] for key in ("node_rank", "primary_addr", "primary_port"))
    nodes = Nodes(node, given["world_size"] // len(given["distributed_device_ids"]), address, port)
    if given["world_size"] == len(given["distributed_device_ids"]):
        yield nodes
        return
    # As torch's own launcher says that it serves the store of its workers.
    told = {"TORCHELASTIC_USE_AGENT_STORE": "True", "MASTER_ADDR": address.lower(), "MASTER_PORT": str(port)}
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield nodes
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
