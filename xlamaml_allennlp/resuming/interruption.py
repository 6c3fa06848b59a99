"""
What becomes of an interrupted run of any stage, where AllenNLP loses something.

Importing the package mends it, because the stock trainer's runs are interrupted too.
"""

import functools
import json
import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

from allennlp.commands import train
from allennlp.common import util
from allennlp.models.archival import CONFIG_NAME, archive_model

from xlamaml_allennlp.resuming.folder_lock import release


def archive_all_members() -> None:
    """
    Gives the archive of an interrupted run all members of a finished run's.

    Upstream forgets `include_in_archive` there, and so the encoder, without which the archive needs its old folder.
    """

    @functools.wraps(archive_model)
    def archive(serialization_dir: Any, *more: Any, **keys: Any) -> str:
        if keys.get("include_in_archive") is None:
            config = json.loads(Path(serialization_dir, CONFIG_NAME).read_text(encoding="utf-8"))
            keys["include_in_archive"] = config.get("include_in_archive")
        try:
            return archive_model(serialization_dir, *more, **keys)
        finally:
            release(serialization_dir)  # a run's last file; whoever imported `train_model` before us has no other end

    train.archive_model = archive


def interrupt_by_signals() -> None:
    """
    Lets SIGHUP (a closed terminal) end a run as SIGTERM does, and both of them end all workers on this machine.

    Only in a process that AllenNLP's command line has prepared for SIGTERM, and not where somebody (`nohup`) has
    decided otherwise about SIGHUP.
    """
    if signal.getsignal(signal.SIGTERM) is not util._handle_sigterm:
        return
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, _interrupt)


class Terminated(BaseException):
    """
    What AllenNLP's handler of SIGTERM raises, in place of AllenNLP's own `SigTermReceived`.

    That is an `Exception`, and whoever loads a file of somebody else's takes any of these for what is wrong with it.
    """


def tell_signals_from_errors() -> None:
    """Lets no `except Exception` catch a signal: neither ours nor one of the libraries that load files."""
    util.SigTermReceived = Terminated  # type: ignore  # its handler, and who catches it, look it up there


def _interrupt(number: int, frame: Any) -> None:
    for worker in multiprocessing.active_children():
        if not worker.daemon and worker.pid is not None:
            # As Ctrl-C would: upstream raises here only, and then waits for the workers to end their training.
            os.kill(worker.pid, signal.SIGINT)
    raise util.SigTermReceived
