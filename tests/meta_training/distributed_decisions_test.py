"""What one worker sees, its clock or a loss that is not a number, is decided for all of them together."""

import time
from typing import Any, Optional

import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from allennlp.common import Lazy, Params
from allennlp.common.checks import ConfigurationError
from allennlp.training.checkpointer import Checkpointer

from tests.meta_training.distributed_test import WORKERS, forked_workers, results, weights  # noqa: F401
from tests.meta_training.tiny import TinyClassifier
from tests.resuming.recovery_test import outcome
from xlamaml_allennlp.meta_training.nonfinite import check_gradient
from xlamaml_allennlp.resuming import DurableCheckpointer

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

CPU = torch.device("cpu")


class Counting:
    """Stands in for a trainer: taking a checkpoint is a collective."""

    cuda_device = CPU

    def get_checkpoint_state(self) -> Optional[Any]:
        dist.barrier()
        return None

    def get_worker_state(self) -> dict[str, Any]:
        return {}

    _epochs_completed = _batches_in_epoch_completed = 0


def saves_by_time(rank: int, folder: str) -> list[bool]:
    checkpointer = DurableCheckpointer(folder, save_every_num_seconds=60)
    found = []
    for due in ([True, False], [False, True]):  # by the clocks of the two workers
        checkpointer._last_save_time = 0 if due[rank] else time.time()
        found.append(checkpointer.maybe_save_checkpoint(Counting(), 0, 1))  # type: ignore[arg-type]
    return found


def test_the_first_workers_clock_decides_when_all_of_them_take_a_checkpoint(tmp_path):
    assert results(saves_by_time, tmp_path) == [[True, False], [True, False]]


def test_two_workers_take_checkpoints_by_time_and_are_recovered_from_them(run, tmp_path):
    keys: dict[str, Any] = {"num_gradient_accumulation_steps": 1, "top": WORKERS, "num_epochs": 1}
    keys["checkpointer"] = {"save_every_num_seconds": 0, "keep_most_recent_by_count": None}
    run("out", **keys)
    # 6 episodes, one for each worker in a meta step: 3 meta steps, and the end of the epoch.
    names = {f"model_state_e{epoch}_b{batch}.th" for epoch, batch in [(0, 1), (0, 2), (0, 3), (1, 0)]}
    assert {path.name for path in (tmp_path / "out").glob("model_state*")} == names
    whole, metrics = weights(tmp_path / "out"), outcome(tmp_path / "out")
    for kind in ("model", "training"):
        for moment in ("e0_b3", "e1_b0"):
            (tmp_path / "out" / f"{kind}_state_{moment}.th").unlink()
    run("out", recover=True, **keys)
    recovered = weights(tmp_path / "out")
    assert all(torch.equal(whole[name], recovered[name]) for name in whole)
    assert outcome(tmp_path / "out") == metrics


def test_a_checkpointer_stays_what_a_configuration_says():
    stock = Lazy(Checkpointer, Params({"type": "default", "save_every_num_batches": 7}))
    durable = DurableCheckpointer.lazily_in_place_of(stock)
    assert durable is not None
    made = durable.construct(serialization_dir=".")
    assert (type(made), made._save_every_num_batches) == (DurableCheckpointer, 7)
    misspelt = DurableCheckpointer.lazily_in_place_of(Lazy(Checkpointer, Params({"save_every": 7})))
    assert misspelt is not None
    with pytest.raises(ConfigurationError, match="save_every"):
        misspelt.construct(serialization_dir=".")
    own = Lazy(lambda **_: None)
    assert DurableCheckpointer.lazily_in_place_of(own) is own
    assert DurableCheckpointer.lazily_in_place_of(None) is None


def infinite_gradient(rank: int, folder: str) -> str:
    side = {"metadata": [{"language": "en" if rank else "hi", "id": str(rank), "group": None}]}
    try:
        check_gradient("Epoch 0", [{"support": side, "query": side}], float("inf"))
    except ValueError as error:
        return str(error)
    return "fine"


def test_a_gradient_that_is_not_finite_names_the_episodes_of_all_workers(tmp_path):
    first, second = results(infinite_gradient, tmp_path)
    assert first == second
    assert "- support hi (ids 0)" in first
    assert "- support en (ids 1)" in first


def test_a_loss_that_is_not_a_number_on_one_worker_stops_every_worker(run, monkeypatch):
    forward = TinyClassifier.forward

    def explodes_on_the_second(self: TinyClassifier, **batch: Any) -> dict[str, Any]:
        outputs = forward(self, **batch)
        # A support and a query pass per meta step: the query pass of the second step.
        broken = dist.get_rank() == 1 and self.passes[0] == 4
        return {**outputs, "loss": outputs["loss"] * float("nan")} if broken else outputs

    monkeypatch.setattr(TinyClassifier, "forward", explodes_on_the_second)
    with pytest.raises(mp.ProcessRaisedException, match=r"Epoch 0, meta step 2, episode 1: the query loss is nan"):
        run(num_gradient_accumulation_steps=1, top=WORKERS)
    assert mp.active_children() == []
