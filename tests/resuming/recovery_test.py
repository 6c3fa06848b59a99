"""A run that is interrupted and recovered ends as the run that was not."""

import json
import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

import pytest
import torch
from allennlp.commands.train import train_model
from allennlp.training.callbacks import TrainerCallback

from tests.meta_training.tiny import config
from xlamaml_allennlp.resuming.checkpointer import DurableCheckpointer

CHECKPOINTS = {"save_every_num_batches": 1, "keep_most_recent_by_count": None}


class Interrupted(Exception):
    pass


@TrainerCallback.register("interrupt_for_test")
class Interrupt(TrainerCallback):
    """Fails at `moment`: an epoch, a meta step or validation batch in it (0: the epoch's end), and which of the two."""

    moment: Any = None

    def on_batch(self, *args: Any, **kwargs: Any) -> None:
        epoch, batch_number = args[4:6]
        is_training = kwargs["is_training"]
        if (epoch, batch_number, is_training) == self.moment:
            raise Interrupted

    def on_epoch(self, trainer: Any, metrics: Any, epoch: int, is_primary: bool = True, **kwargs: Any) -> None:
        if (epoch, 0) == (self.moment or ())[:2]:
            raise Interrupted


def outcome(folder: Path) -> dict[str, Any]:
    """All metrics files, without the timings and memory that differ between any two runs."""

    def stable(path: Path) -> dict[str, Any]:
        metrics = json.loads(path.read_text())
        return {key: value for key, value in metrics.items() if not key.endswith("MB") and "duration" not in key}

    return {path.name: stable(path) for path in folder.glob("metrics*.json")}


def same_weights(one: torch.nn.Module, other: torch.nn.Module) -> bool:
    mine, theirs = one.state_dict(), other.state_dict()
    return mine.keys() == theirs.keys() and all(torch.equal(mine[name], theirs[name]) for name in mine)


def whole_and_recovered(run: Any, monkeypatch: Any, moment: Any, keys: dict[str, Any]) -> tuple[Any, Any]:
    """The models of a run ("whole") and of one that was interrupted at a moment and recovered ("broken")."""
    whole = run("whole", **keys)
    with monkeypatch.context() as interrupted:
        interrupted.setattr(Interrupt, "moment", moment)
        with pytest.raises(Interrupted):
            run("broken", **keys)
    return whole, run("broken", recover=True, **keys)


@pytest.mark.parametrize(
    "moment", [(0, 2, True), (1, 1, True), (1, 3, True), (1, 2, False), (0, 0, True), (2, 0, True)]
)
@pytest.mark.parametrize(
    "keys",
    [
        {"learning_rate_scheduler": {"type": "linear_with_warmup", "warmup_steps": 1}},
        {
            "learning_rate_scheduler": {"type": "cosine", "t_initial": 2},
            "moving_average": {"type": "exponential", "decay": 0.5},
        },
    ],
    ids=["linear", "cosine and moving average"],
)
def test_an_interrupted_run_ends_in_the_same_weights_and_metrics(run, tmp_path, monkeypatch, keys, moment):
    keys = {**keys, "num_epochs": 3, "checkpointer": CHECKPOINTS, "callbacks": ["interrupt_for_test"]}
    whole, recovered = whole_and_recovered(run, monkeypatch, moment, keys)
    assert same_weights(recovered, whole)
    assert outcome(tmp_path / "broken") == outcome(tmp_path / "whole")
    best = [torch.load(tmp_path / name / "best.th", weights_only=True) for name in ("whole", "broken")]
    assert all(torch.equal(best[0][name], best[1][name]) for name in best[0])


def dies_after_second_checkpoint(arguments: Any) -> None:
    save = DurableCheckpointer.save_checkpoint

    def save_and_die(self: DurableCheckpointer, trainer: Any) -> None:
        save(self, trainer)
        if (trainer._epochs_completed, trainer._batches_in_epoch_completed) == (1, 1):
            os.kill(os.getpid(), signal.SIGKILL)

    DurableCheckpointer.save_checkpoint = save_and_die  # type: ignore[method-assign]
    train_model(*arguments)


def train_until_killed(*arguments: Any) -> None:
    """Trains in a process of its own, which SIGKILL ends right after its second checkpoint."""
    process = multiprocessing.get_context("fork").Process(target=dies_after_second_checkpoint, args=(arguments,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_killed_process_is_recovered_exactly(run, data, tmp_path):
    keys: dict[str, Any] = {"num_epochs": 2, "checkpointer": CHECKPOINTS}
    whole = run("whole", **keys)
    train_until_killed(config(data, **keys), tmp_path / "broken")
    recovered = run("broken", recover=True, **keys)
    assert same_weights(recovered, whole)
    assert outcome(tmp_path / "broken") == outcome(tmp_path / "whole")


def finished_but_for(folder: Path, lost: list[str]) -> None:
    """Takes away what a run that died right after its last checkpoint would not have written."""
    for name in [*lost, "metrics.json", "model.tar.gz"]:
        (folder / name).unlink()


def test_a_kill_after_the_last_checkpoint_loses_neither_metrics_nor_best_weights(run, tmp_path):
    whole = run("whole")
    before = outcome(tmp_path / "whole")
    finished_but_for(tmp_path / "whole", ["best.th"])
    assert same_weights(run("whole", recover=True), whole)
    assert outcome(tmp_path / "whole") == before
    assert (tmp_path / "whole" / "best.th").exists()


def test_a_run_that_ran_out_of_patience_trains_no_further_epoch_when_recovered(run, tmp_path):
    keys: dict[str, Any] = {"patience": 1, "num_epochs": 9, "optimizer": {"type": "sgd", "lr": 1e-30}}
    run("whole", **keys)
    before = outcome(tmp_path / "whole")
    finished_but_for(tmp_path / "whole", [])
    run("whole", recover=True, **keys)
    assert outcome(tmp_path / "whole") == before


def test_a_half_written_checkpoint_is_passed_over(run, tmp_path):
    keys: dict[str, Any] = {"checkpointer": CHECKPOINTS}
    whole = run("whole", **keys)
    finished_but_for(tmp_path / "whole", ["training_state_e2_b0.th"])
    (tmp_path / "whole" / "model_state_e2_b0.th.partial").write_bytes(b"half")
    assert same_weights(run("whole", recover=True, **keys), whole)


def test_checkpoints_load_without_trusting_the_file(run, tmp_path):
    run(learning_rate_scheduler={"type": "cosine", "t_initial": 2})
    state = torch.load(tmp_path / "out" / "training_state_e2_b0.th", weights_only=True)
    assert type(state["optimizer"]["param_groups"][0]["lr"]) is float


def test_a_stock_checkpoint_is_refused_with_the_way_out(run, tmp_path):
    run()
    path = tmp_path / "out" / "training_state_e2_b0.th"
    state = torch.load(path, weights_only=True)
    del state["run"]
    torch.save(state, path)
    with pytest.raises(Exception, match="Start in another folder"):
        run(recover=True)
