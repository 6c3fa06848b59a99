"""Where a command trains, a second one is refused, until the first has ended: well, in an error, or killed."""

import errno
import fcntl
import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from allennlp.commands import train
from allennlp.common.checks import ConfigurationError
from tqdm import tqdm

from tests.resuming.killed import STEP, killed, same, stock_config
from xlamaml_allennlp.resuming import ResumableTrainer, folder_lock

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

FORKED = multiprocessing.get_context("fork")


@pytest.fixture
def training(data, tmp_path) -> Any:
    """A command that is within its fifth step in the folder `run`, with a child of its own that outlives it."""
    within, child = FORKED.Event(), FORKED.Value("i", 0)
    process = FORKED.Process(target=_train_until_the_fifth_step, args=(data, tmp_path / "run", within, child))
    process.start()
    assert within.wait(60)
    yield process
    process.kill()
    process.join()
    assert child.value > 1
    os.kill(child.value, signal.SIGKILL)


def _train_until_the_fifth_step(data: Path, folder: Path, within: Any, child: Any) -> None:
    tqdm.set_lock(threading.RLock())
    rescale, steps = ResumableTrainer.rescale_gradients, iter(range(1, 6))

    def stop_at_the_fifth(trainer: ResumableTrainer) -> Any:
        if next(steps) == 5:
            if os.fork() == 0:
                child.value = os.getpid()
                within.set()
            time.sleep(60)
            os._exit(1)
        return rescale(trainer)

    ResumableTrainer.rescale_gradients = stop_at_the_fifth  # type: ignore
    train.train_model(stock_config(data), folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("how", ["recover", "force", "neither"])
def test_a_second_command_is_refused_and_changes_nothing(data, tmp_path, training, how):
    (tmp_path / "run" / "best.th.partial").touch()
    before = contents(tmp_path / "run")
    with pytest.raises(ConfigurationError, match=f"Another process trains in {tmp_path / 'run'}, .*another folder"):
        train.train_model(stock_config(data), tmp_path / "run", **({} if how == "neither" else {how: True}))
    assert contents(tmp_path / "run") == before
    assert training.is_alive()


def test_one_that_was_killed_is_recovered_though_its_child_lives_and_once_more(data, tmp_path, training):
    training.kill()
    training.join()
    train.train_model(stock_config(data), tmp_path / "run", recover=True)
    train.train_model(stock_config(data), tmp_path / "run", recover=True)
    train.train_model(stock_config(data), tmp_path / "whole")
    assert same(tmp_path / "run", tmp_path / "whole")
    # Nothing of a lock is in the folder: but for a checkpoint that a kill leaves, these are the files of any run.
    assert not [name for name in contents(tmp_path / "run") if "lock" in name]


def test_a_run_that_fails_leaves_its_folder_to_other_processes(data, tmp_path, monkeypatch):
    def fail(trainer: ResumableTrainer) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(ResumableTrainer, "rescale_gradients", fail)
        with pytest.raises(MemoryError):
            train.train_model(stock_config(data), tmp_path / "run")
    assert killed(stock_config(data), tmp_path / "run", STEP, 1, recover=True)


def test_a_folder_made_anew_is_held_as_well(data, tmp_path, monkeypatch):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "old").touch()
    refused = []

    def look(trainer: ResumableTrainer) -> None:
        refused.append(in_another_process(tmp_path / "run"))
        raise MemoryError

    monkeypatch.setattr(ResumableTrainer, "rescale_gradients", look)
    with pytest.raises(MemoryError):
        train.train_model(stock_config(data), tmp_path / "run", force=True)
    assert refused == [True]
    assert not in_another_process(tmp_path / "run")


def test_the_nodes_of_one_run_hold_their_folder_together(tmp_path):
    folder_lock.hold(tmp_path, nodes=2)
    assert not in_another_process(tmp_path, nodes=2)
    assert in_another_process(tmp_path)
    folder_lock.release(tmp_path)
    assert not in_another_process(tmp_path)


def test_where_nothing_can_be_locked_the_log_says_so(tmp_path, monkeypatch, caplog):
    def flock(descriptor: int, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)
    folder_lock.hold(tmp_path)
    assert caplog.messages == [
        f"{tmp_path} cannot be locked ([Errno {errno.ENOLCK}] No locks available): see to it that no second command "
        "trains there at the same time."
    ]
    folder_lock.release(tmp_path)


def in_another_process(folder: Path, nodes: int = 1) -> bool:
    """Whether another process is refused."""
    process = FORKED.Process(target=_exit_refused, args=(folder, nodes))
    process.start()
    process.join()
    assert process.exitcode in (0, 7)
    return process.exitcode == 7


def _exit_refused(folder: Path, nodes: int) -> None:
    try:
        folder_lock.hold(folder, nodes)
    except ConfigurationError:
        os._exit(7)
