"""What a command does before it looks at its arguments, and how a fork of it differs from a new interpreter."""

import importlib
import os
import sys
from pathlib import Path

import numpy
import torch
from allennlp.common.plugins import import_plugins

# Has torch ask the driver's library whether there is a GPU, and not CUDA, which no fork could use afterwards.
_CHECK = "PYTORCH_NVML_BASED_CUDA_CHECK"
# Arrow's allocator has a thread, and knows of forks.
_KNOWN_THREADS = ("jemalloc_bg_thd",)


def import_everything() -> None:
    """Imports what every command imports. Plugins come first: they write to the logging that is set up after them."""
    asked = os.environ.get(_CHECK)
    os.environ[_CHECK] = "1"
    import_plugins()
    importlib.import_module("allennlp.__main__")
    del os.environ[_CHECK]
    if asked is not None:
        os.environ[_CHECK] = asked


def check_that_forks_work() -> None:
    """
    # Raises

    `SystemExit`
        If imports have begun what forks cannot go on with.
    """
    child = os.fork()
    if child == 0:
        os._exit(torch.cuda._is_in_bad_fork())
    if os.waitpid(child, 0)[1] and torch.cuda.device_count():
        sys.exit("Nothing is forked off a process that has used CUDA: no fork could use it.")
    # A fork has no threads, and would wait for ever for a lock that one of them held. OpenBLAS ends its own first.
    names = [(task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir()]
    others = [name for name in names if name not in _KNOWN_THREADS][1:]
    if others:
        sys.exit(f"Nothing is forked off a process with threads: {', '.join(others)}.")


def renew() -> None:
    """Draws, in a fork, the random states that a new interpreter draws; Python has done so with its own."""
    numpy.random.seed()
    torch.default_generator.seed()
