"""What a command does before it looks at its arguments, and how a fork of it differs from a new interpreter."""

import importlib
import os
import sys
import warnings
from pathlib import Path

import numpy
import torch
from allennlp.common.plugins import import_plugins

# Arrow's allocator has a thread, and knows of forks.
_KNOWN_THREADS = ("jemalloc_bg_thd",)


def import_everything() -> None:
    """Imports what every command imports. Plugins come first: they write to the logging that is set up after them."""
    import_plugins()
    importlib.import_module("allennlp.__main__")


def check_that_forks_work() -> None:
    """
    Sees to it that no thread is left but known ones: a fork has none, and would wait for ever for what one had locked.

    # Raises

    `SystemExit`
        If imports have started others.
    """
    # Python 3.12 counts all threads.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    # OpenBLAS ends its threads before a fork, and has others when it needs them.
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    names = [(task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir()]
    others = [name for name in names if name not in _KNOWN_THREADS][1:]
    if others:
        sys.exit(f"Nothing is forked off a process with threads: {', '.join(others)}.")


def renew() -> None:
    """Draws, in a fork, the random states that a new interpreter draws; Python has done so with its own."""
    numpy.random.seed()
    torch.default_generator.seed()
