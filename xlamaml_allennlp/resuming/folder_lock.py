"""
Who trains in a folder holds it, so that a second command there is refused: each would read what the other writes.

The folder itself is locked, not a file in it: there is none to leave behind, to archive or to take for a run's content.
"""

import fcntl
import functools
import inspect
import logging
import os
from pathlib import Path
from typing import Any

from allennlp.commands import train
from allennlp.common.checks import ConfigurationError

logger = logging.getLogger(__name__)

# By folder, the descriptors whose locks this process holds; the system ends them with the process, however it ends.
_held: dict[str, int] = {}


def hold(folder: Path, nodes: Any = 1) -> None:
    """
    Holds a folder that is there until `release`. Who holds it already holds it on, or anew if it was made anew.

    # Parameters

    folder : `Path`
        Where a run is, or will be.
    nodes : `Any`, optional (default = `1`)
        On how many machines the run is. They recover from one folder, so several hold it together.

    # Raises

    `ConfigurationError`
        If another process holds it.
    """
    name = os.path.realpath(folder)
    if name in _held and os.path.samestat(os.fstat(_held[name]), os.stat(name)):
        return
    release(folder)
    descriptor = os.open(name, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if nodes == 1 else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise ConfigurationError(
            f"Another process trains in {folder}, and two would spoil each other's run. Wait for its end or stop it "
            f"(`lsof {folder}` on its machine tells which it is), or give another folder (-s)."
        ) from None
    except OSError as error:
        os.close(descriptor)
        logger.warning(
            "%s cannot be locked (%s): see to it that no second command trains there at the same time.", folder, error
        )
    else:
        _held[name] = descriptor


def release(folder: Any) -> None:
    """Lets others train in a folder, if this process holds it."""
    descriptor = _held.pop(os.path.realpath(folder), None)
    if descriptor is not None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)  # not left to the closing: a child just forked has it open as well
        os.close(descriptor)


def release_at_the_end() -> None:
    """Lets AllenNLP's training end with the release of its folder, however it ends."""
    train_model = train.train_model
    signature = inspect.signature(train_model)

    @functools.wraps(train_model)
    def trained(*arguments: Any, **keys: Any) -> Any:
        try:
            return train_model(*arguments, **keys)
        finally:
            release(signature.bind(*arguments, **keys).arguments["serialization_dir"])

    train.train_model = trained


def _leave_to_the_parent() -> None:
    # A lock lives as long as a descriptor of it, and data workers may outlive the command that was killed.
    for descriptor in _held.values():
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_leave_to_the_parent)
