"""Signals end a run as AllenNLP means them to, and what it leaves then is whole."""

import multiprocessing
import os
import signal
import tarfile
from pathlib import Path
from typing import Any

import pytest
from allennlp.commands.train import train_model
from allennlp.common import util
from allennlp.training.callbacks import TrainerCallback

from tests.meta_training.distributed_test import WORKERS, forked_workers  # noqa: F401
from tests.meta_training.tiny import config
from tests.resuming.recovery_test import outcome, same_weights
from xlamaml_allennlp.resuming.interruption import interrupt_by_signals

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

TOP = {"include_in_archive": ["metrics_epoch_0.json"]}


@TrainerCallback.register("signal_for_test")
class Signal(TrainerCallback):
    """Sends a signal to the process that was started (of which workers are children), at the second epoch's start."""

    number: Any = None

    def on_batch(self, *args: Any, **kwargs: Any) -> None:
        epoch, batch_number = args[4:6]
        if self.number is not None and (epoch, batch_number) == (1, 1) and kwargs["is_primary"]:
            os.kill(int(os.environ["STARTED_FOR_TEST"]), self.number)


def started(arguments: Any) -> None:
    os.environ["STARTED_FOR_TEST"] = str(os.getpid())
    # As the command line does, which finds the handlers of pytest's process inherited here.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    util.install_sigterm_handler()
    interrupt_by_signals()
    train_model(*arguments)


def members(archive: Path) -> set[str]:
    with tarfile.open(archive) as tar:
        return set(tar.getnames())


def interrupted(params: Any, folder: Path) -> int:
    process = multiprocessing.get_context("fork").Process(target=started, args=((params, folder),))
    process.start()
    process.join(60)
    code = process.exitcode
    process.kill()
    assert code is not None, "the run did not end"
    return code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_an_interrupted_run_leaves_a_whole_archive_and_is_recovered_exactly(run, data, tmp_path, monkeypatch, number):
    keys: dict[str, Any] = {"callbacks": ["signal_for_test"], "checkpointer": {"save_every_num_batches": 1}, "top": TOP}
    whole = run("whole", **keys)
    with monkeypatch.context() as signalled:
        signalled.setattr(Signal, "number", number)
        assert interrupted(config(data, **keys), tmp_path / "broken") == 1  # the end by an exception
    assert not (tmp_path / "broken" / "metrics.json").exists()
    assert members(tmp_path / "broken" / "model.tar.gz") == members(tmp_path / "whole" / "model.tar.gz")
    assert "metrics_epoch_0.json" in members(tmp_path / "broken" / "model.tar.gz")
    assert same_weights(run("broken", recover=True, **keys), whole)
    assert outcome(tmp_path / "broken") == outcome(tmp_path / "whole")


def test_a_signal_to_the_command_ends_its_workers_too(data, tmp_path, monkeypatch):
    monkeypatch.setattr(Signal, "number", signal.SIGTERM)
    keys: dict[str, Any] = {"callbacks": ["signal_for_test"], "num_gradient_accumulation_steps": 1}
    params = config(data, num_epochs=100000, top={**WORKERS, **TOP}, **keys)
    assert interrupted(params, tmp_path / "out") == 1
    assert "metrics_epoch_0.json" in members(tmp_path / "out" / "model.tar.gz")


@pytest.mark.parametrize(
    ("terminate", "hang_up", "taken"),
    [
        (util._handle_sigterm, signal.SIG_DFL, {signal.SIGTERM, signal.SIGHUP}),
        (util._handle_sigterm, signal.SIG_IGN, {signal.SIGTERM}),  # under nohup
        (signal.SIG_DFL, signal.SIG_DFL, set()),  # imported in a program of the user's
    ],
)
def test_signals_are_taken_only_from_allennlps_command_line(monkeypatch, terminate, hang_up, taken):
    now, found = {signal.SIGTERM: terminate, signal.SIGHUP: hang_up}, set()
    monkeypatch.setattr(signal, "getsignal", now.__getitem__)
    monkeypatch.setattr(signal, "signal", lambda number, _: found.add(number))
    interrupt_by_signals()
    assert found == taken
