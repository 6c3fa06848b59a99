"""Several workers on one stream of episodes do what one worker does."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from allennlp.common.checks import ConfigurationError

from tests.adaptation.waits_test import Counts
from tests.resuming.recovery_test import CHECKPOINTS, Interrupt, outcome
from xlamaml_allennlp.meta_training import distributed
from xlamaml_allennlp.meta_training.distributed import average_gradients, check_folders, check_shares
from xlamaml_allennlp.resuming import spawned

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

WORKERS = {"distributed": {"cuda_devices": [-1, -1]}, "datasets_for_vocab_creation": []}
STILL = {"dropout": 0.0}


@pytest.fixture(autouse=True)
def forked_workers(monkeypatch):
    """AllenNLP spawns its workers, which import everything anew; forked ones are ready at once."""
    monkeypatch.setattr(spawned, "START_METHOD", "fork")


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return torch.load(folder / "best.th", weights_only=True)


@pytest.mark.parametrize("estimator", ["higher", "first_order", "exact", "hessian_free"])
def test_two_workers_with_one_episode_each_are_one_worker_with_both(run, tmp_path, estimator):
    keys: dict[str, Any] = {"inner_loop": {"type": estimator, "lr": 0.1, "num_steps": 2}, "model": STILL}
    run("one", num_gradient_accumulation_steps=2, **keys)
    run("two", num_gradient_accumulation_steps=1, top=WORKERS, **keys)
    one, two = weights(tmp_path / "one"), weights(tmp_path / "two")
    # Halving is exact in binary floating point, so not even the last bit differs.
    assert all(torch.equal(one[name], two[name]) for name in one)
    for name, metrics in outcome(tmp_path / "one").items():
        assert outcome(tmp_path / "two")[name] == pytest.approx(metrics)


def test_schedules_clipping_and_counts_hold_for_several_workers(run, tmp_path):
    keys: dict[str, Any] = {
        "model": STILL,
        "grad_norm": 0.1,
        "learning_rate_scheduler": {"type": "linear_with_warmup", "warmup_steps": 1},
        "moving_average": {"type": "exponential", "decay": 0.5},
    }
    run("one", episodes=8, num_gradient_accumulation_steps=4, **keys)
    run("two", episodes=8, num_gradient_accumulation_steps=2, top=WORKERS, **keys)
    one, two = weights(tmp_path / "one"), weights(tmp_path / "two")
    assert all(torch.allclose(one[name], two[name], rtol=0, atol=1e-7) for name in one)
    logs = [(tmp_path / name / file).read_text() for name, file in (("one", "out.log"), ("two", "out_worker0.log"))]
    counts = [log.split("(support -> query): ")[1].splitlines()[0].split(", ") for log in logs]
    assert sorted(counts[0]) == sorted(counts[1])


def test_an_interrupted_run_of_two_workers_with_dropout_is_recovered_exactly(run, tmp_path, monkeypatch):
    keys: dict[str, Any] = {
        "num_gradient_accumulation_steps": 1,
        "top": WORKERS,
        "checkpointer": CHECKPOINTS,
        "callbacks": ["interrupt_for_test"],
    }
    run("whole", **keys)
    with monkeypatch.context() as interrupted:
        interrupted.setattr(Interrupt, "moment", (1, 2, True))
        with pytest.raises(mp.ProcessRaisedException):
            run("broken", **keys)
    run("broken", recover=True, **keys)
    whole, broken = weights(tmp_path / "whole"), weights(tmp_path / "broken")
    assert all(torch.equal(whole[name], broken[name]) for name in whole)
    assert outcome(tmp_path / "broken") == outcome(tmp_path / "whole")


def test_a_stock_accelerator_is_left_out_and_another_refused(run):
    accelerator = {"ddp_accelerator": {"type": "torch", "find_unused_parameters": True}}
    top = {**WORKERS, "distributed": {**WORKERS["distributed"], **accelerator}}
    run("torch", num_gradient_accumulation_steps=1, top=top)


def test_episodes_that_workers_cannot_share_are_an_error_with_the_numbers(run):
    with pytest.raises(mp.ProcessRaisedException, match=r"per_epoch is 6, which 2 workers with 2 .* multiple of 4"):
        run(num_gradient_accumulation_steps=2, top=WORKERS)


class Sized(list):
    pass


@pytest.mark.parametrize("lengths, total, multiple", [((4, 2), 6, 8), ((3, 3), 6, 8)])
@pytest.mark.parametrize("configured", [True, False])
def test_shares_that_differ_and_shares_of_half_steps_are_one_error(monkeypatch, lengths, total, multiple, configured):
    loader: Any = Sized(range(lengths[0]))
    if configured:
        loader.episodes_per_epoch = total
    monkeypatch.setattr(distributed, "gather", lambda _: [{"length": length} for length in lengths])
    with pytest.raises(ConfigurationError) as raised:
        check_shares(loader, 2, 2)
    message = str(raised.value)
    subject = "data_loader.episodes_per_epoch is 6" if configured else "The data_loader gives 6 batches per epoch"
    assert message.startswith(f"{subject}, which 2 workers with 2 episodes each per meta step")
    assert (
        f"choose a multiple of 4, such as {multiple}. (Episodes of the workers: {lengths[0]}, {lengths[1]}.)" in message
    )


def test_shares_of_whole_steps_are_taken(monkeypatch):
    monkeypatch.setattr(distributed, "gather", lambda state: [state, state])
    check_shares(Sized(range(4)), 2, 2)


def in_two_workers(rank: int, folder: str, task: Any) -> None:
    dist.init_process_group("gloo", init_method=f"file://{folder}/meeting", rank=rank, world_size=2)
    Path(folder, f"result{rank}").write_text(json.dumps(task(rank, folder)), encoding="utf-8")
    dist.barrier()


def results(task: Any, folder: Path) -> list[Any]:
    mp.start_processes(in_two_workers, (str(folder), task), nprocs=2, start_method="fork")
    return [json.loads((folder / f"result{rank}").read_text()) for rank in (0, 1)]


def averaged(rank: int, folder: str) -> list[Any]:
    parameters = [torch.nn.Parameter(torch.zeros(3)) for _ in range(4)]
    parameters[3].requires_grad_(False)
    parameters[0].grad = torch.full((3,), 2.0 + 4.0 * rank)
    if rank:
        parameters[1].grad = torch.tensor([1.0, 2.0, 3.0])
    distributed.BUCKET = 4  # each parameter in a message of its own
    average_gradients(parameters)
    return [None if parameter.grad is None else parameter.grad.tolist() for parameter in parameters]


def test_gradients_are_averaged_with_zeros_where_missing_and_none_where_nobody_has_one(tmp_path):
    expected = [[4.0, 4.0, 4.0], [0.5, 1.0, 1.5], None, None]
    assert results(averaged, tmp_path) == [expected, expected]


def averaged_by_bucket(rank: int, folder: str) -> list[Any]:
    told: list[Any] = []
    for distributed.BUCKET in (1, 6, 2**24):
        parameters = [torch.nn.Parameter(torch.zeros(2, 2)) for _ in range(3)]
        # One laid out by columns, as a transposed matrix's gradient may be; and all by rows.
        parameters[0].grad = torch.tensor([[1.0, 2.0], [3.0, 4.0]]).t() * (1 + rank)
        parameters[1].grad = torch.full((2, 2), 2.0 * rank)
        parameters[2].grad = torch.full((2, 2), 4.0)
        places = [parameter.grad.data_ptr() for parameter in parameters if parameter.grad is not None]
        with Counts() as counts:
            average_gradients(parameters)
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        told.append([gradient.tolist() for gradient in gradients])
        told.append([gradient.data_ptr() for gradient in gradients] == places)
        told.append([counts.names.count(f"aten::{name}") for name in ("cat", "_foreach_copy_")])
    return told


def test_gradients_are_averaged_where_they_lie_and_small_ones_together(tmp_path):
    means = [[[1.5, 4.5], [3.0, 6.0]], [[1.0, 1.0], [1.0, 1.0]], [[4.0, 4.0], [4.0, 4.0]]]
    # In a message each: only what does not lie in one piece is copied. Then, too, for no two have room in one; and all.
    expected = [means, True, [1, 1], means, True, [1, 1], means, True, [1, 1]]
    assert results(averaged_by_bucket, tmp_path) == [expected, expected]


def shared_folder(rank: int, folder: str) -> list[str]:
    import os

    os.environ["ALLENNLP_PROCS_PER_NODE"] = "1"
    found = []
    for name in ("shared", f"own{rank}"):
        Path(folder, name).mkdir(exist_ok=True)
        try:
            check_folders(str(Path(folder, name)), 2)
            found.append("fine")
        except ConfigurationError as error:
            found.append(str(error))
    return [*found, *os.listdir(Path(folder, f"own{rank}"))]


def test_nodes_that_share_a_serialization_folder_are_told_so(tmp_path):
    for shared, own in results(shared_folder, tmp_path):
        assert "is also that of the node on" in shared
        assert own == "fine"
