"""The ledger of a run that was killed and recovered is that of a run that was not, but for the seconds."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch.multiprocessing as mp
from allennlp.commands import train
from allennlp.commands.train import train_model

from tests.meta_training.distributed_test import STILL, WORKERS
from tests.meta_training.tiny import config, write_data
from tests.provenance.recorded import told
from tests.resuming.killed import killed
from tests.resuming.recovery_test import CHECKPOINTS, Interrupt
from xlamaml_allennlp.meta_training import MetaTrainer
from xlamaml_allennlp.provenance import ledger_callback, read_ledger

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

# Three epochs of six meta steps of two episodes, with dropout.
KEYS: dict[str, Any] = {"num_epochs": 3, "episodes": 12, "checkpointer": {"save_every_num_batches": 2}}
NAME = "episodes_w0.jsonl"


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> tuple[Path, Path]:
    """The uninterrupted run, and its data."""
    folder = tmp_path_factory.mktemp("whole")
    data = write_data(folder)
    train_model(config(data, **KEYS), folder / "run")
    return folder / "run", data


@pytest.mark.parametrize(
    "place, call, torn",
    [
        ((MetaTrainer, "rescale_gradients", ""), 2, ""),  # before the first checkpoint
        ((MetaTrainer, "rescale_gradients", ""), 4, ""),
        ((ledger_callback, "append", ""), 9, '{"episode":17,"epoch":1,"st'),  # within the second epoch
        ((MetaTrainer, "_validation_loss", ""), 2, ""),
    ],
    ids=["before a checkpoint", "in a step", "within a line", "between epochs"],
)
def test_a_run_killed_anywhere_leaves_the_ledger_of_one_that_was_not(whole, tmp_path, place, call, torn):
    uninterrupted, data = whole
    assert killed(config(data, **KEYS), tmp_path / "run", place, call)
    file = tmp_path / "run" / NAME
    with file.open("a") as ledger:  # what a kill within the system's write would leave
        ledger.write(torn)
    train_model(config(data, **KEYS), tmp_path / "run", recover=True)
    assert told(file) == told(uninterrupted / NAME)
    assert [line["episode"] for line in told(file)] == list(range(1, 37))


def test_so_does_one_whose_newest_checkpoint_is_damaged(whole, tmp_path):
    uninterrupted, data = whole
    assert killed(config(data, **KEYS), tmp_path / "run", (MetaTrainer, "rescale_gradients", ""), 6)
    newest = tmp_path / "run" / "model_state_e0_b4.th"
    newest.write_bytes(newest.read_bytes()[:-1])
    train_model(config(data, **KEYS), tmp_path / "run", recover=True)
    assert told(tmp_path / "run" / NAME) == told(uninterrupted / NAME)


def test_lines_that_a_power_cut_took_are_missed_in_the_log_and_the_rest_keeps_its_numbers(whole, tmp_path):
    uninterrupted, data = whole
    assert killed(config(data, **KEYS), tmp_path / "run", (MetaTrainer, "rescale_gradients", ""), 6)
    file = tmp_path / "run" / NAME
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:4]))
    train_model(config(data, **KEYS), tmp_path / "run", recover=True)
    log = (tmp_path / "run" / "out.log").read_text()
    assert f"{file} knows of 2 meta steps, and the run goes on after step 4" in log
    assert told(file) == told(uninterrupted / NAME)[:4] + told(uninterrupted / NAME)[8:]


@pytest.fixture(scope="module")
def two(tmp_path_factory) -> Any:
    """Trains two forked workers of one episode each, in a folder of the folder in which "whole" is such a run."""
    folder = tmp_path_factory.mktemp("two")
    keys: dict[str, Any] = {
        "model": STILL,
        "num_gradient_accumulation_steps": 1,
        "checkpointer": {**CHECKPOINTS, "save_every_num_batches": 2},
        "callbacks": ["interrupt_for_test"],
    }
    data = write_data(folder)

    def train_two(name: str, recover: bool = False) -> None:
        train_model(config(data, top=WORKERS, **keys), folder / name, recover=recover)

    with pytest.MonkeyPatch.context() as patch:
        # AllenNLP spawns its workers, which import everything anew; forked ones are ready at once.
        patch.setattr(train.mp, "spawn", partial(mp.start_processes, start_method="fork"))
        train_two("whole")
        yield train_two, folder


def test_two_workers_write_a_file_each_and_both_are_the_ledger_of_one_worker(run, tmp_path, two):
    run("one", model=STILL, num_gradient_accumulation_steps=2)
    folder = two[1] / "whole"
    assert {line["worker"] for line in told(folder / "episodes_w1.jsonl")} == {1}
    ours, theirs = (list(read_ledger(each)) for each in (tmp_path / "one", folder))
    assert [line.worker for line in theirs] == [0, 1] * 6
    for one, other in zip(ours, theirs, strict=True):
        # Halving is exact in binary floating point, so not even the last bit of a loss differs.
        for key in ("episode", "epoch", "step", "support", "query", "support_loss", "query_loss"):
            assert getattr(one, key) == getattr(other, key)
        assert one.meta_gradient_norm == pytest.approx(other.meta_gradient_norm)


def test_an_interrupted_run_of_two_workers_leaves_the_ledgers_of_one_that_was_not(two, monkeypatch):
    train_two, folder = two
    with monkeypatch.context() as interrupted:
        interrupted.setattr(Interrupt, "moment", (1, 1, True))
        with pytest.raises(mp.ProcessRaisedException):
            train_two("broken")
    assert len(told(folder / "broken" / NAME)) == 4
    train_two("broken", recover=True)
    for name in (NAME, "episodes_w1.jsonl"):
        assert told(folder / "broken" / name) == told(folder / "whole" / name)
