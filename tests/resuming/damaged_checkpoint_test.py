"""A damaged checkpoint is named and stepped around; a folder may be moved."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from allennlp.commands.train import train_model
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError

from tests.meta_training.distributed_test import results
from tests.resuming.killed import STEP, killed, same, stock_config
from xlamaml_allennlp.resuming.checkpointer import DurableCheckpointer

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


@pytest.fixture
def runs(data, tmp_path) -> tuple[Path, Path]:
    """A run that was not interrupted, and one that was killed with two checkpoints: after 2 and 4 steps."""
    train_model(stock_config(data), tmp_path / "whole")
    assert killed(stock_config(data), tmp_path / "broken", STEP, 5)
    names = {f"{kind}_state_e0_b{steps}.th" for kind in ("model", "training") for steps in (2, 4)}
    assert {path.name for path in (tmp_path / "broken").glob("*_state_*")} == names
    return tmp_path / "whole", tmp_path / "broken"


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 16]) + content[middle + 1 :]


DAMAGES: dict[str, Any] = {
    "flipped": (flipped, "its checksum is not that of its contents"),
    "cut": (lambda content: content[: len(content) // 2], "without its checksum"),
    "emptied": (lambda content: b"", "it is empty"),
    "zeroed": (lambda content: bytes(len(content)), "without its checksum"),
}


@pytest.mark.parametrize("kind", ["model", "training"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_the_checkpoint_before_a_damaged_one_is_used_and_the_file_is_named(runs, data, kind, damage):
    whole, broken = runs
    change, said = DAMAGES[damage]
    path = broken / f"{kind}_state_e0_b4.th"
    path.write_bytes(change(path.read_bytes()))
    train_model(stock_config(data), broken, recover=True)
    assert same(whole, broken)
    log = (broken / "out.log").read_text()
    assert f"A damaged checkpoint is passed over for the one before it. {path}: it" in log
    assert said in log


def test_where_every_checkpoint_is_damaged_each_file_is_named(runs, data):
    _, broken = runs
    paths = [broken / "model_state_e0_b4.th", broken / "training_state_e0_b2.th"]
    for path in paths:
        path.write_bytes(b"")
    with pytest.raises(ConfigurationError, match=r"No checkpoint in .*broken is whole") as raised:
        train_model(stock_config(data), broken, recover=True)
    assert all(f"{path}: it is empty." in str(raised.value) for path in paths)


def test_damaged_best_weights_are_named_and_not_put_into_an_archive(data, tmp_path):
    # Nothing is learned, so the best weights are the first epoch's; killed in the second.
    def params() -> Params:
        config = stock_config(data, optimizer={"type": "sgd", "lr": 1e-30}, validation_metric="+accuracy")
        config["validation_data_loader"] = {"batch_size": 3}
        return config

    assert killed(params(), tmp_path / "run", STEP, 9)
    best = tmp_path / "run" / "best.th"
    content = best.read_bytes()
    best.unlink()  # which is a checkpoint's file, too
    best.write_bytes(flipped(content))
    with pytest.raises(ConfigurationError, match=r"best\.th is damaged: its checksum"):
        train_model(params(), tmp_path / "run", recover=True)


def test_a_run_goes_on_in_a_folder_that_was_moved(data, tmp_path):
    keys: dict[str, Any] = {"patience": 1, "num_epochs": 9, "optimizer": {"type": "sgd", "lr": 1e-30}}
    train_model(stock_config(data, **keys), tmp_path / "whole")
    assert killed(stock_config(data, **keys), tmp_path / "broken", STEP, 9)
    shutil.move(tmp_path / "broken", tmp_path / "moved")
    train_model(stock_config(data, **keys), tmp_path / "moved", recover=True)
    assert same(tmp_path / "whole", tmp_path / "moved")


def moments(rank: int, folder: str) -> list[tuple[int, int]]:
    return sorted(DurableCheckpointer(folder)._moments_everywhere())


def test_a_checkpoint_that_not_every_worker_has_written_is_none(tmp_path):
    for name in ("model_state_e0_b1", "training_state_e0_b1", "worker_state_e0_b1_w1", "training_state_e0_b2"):
        (tmp_path / f"{name}.th").touch()
    (tmp_path / "model_state_e0_b2.th").touch()  # where the second worker was killed before it wrote its own file
    assert results(moments, tmp_path) == [[[0, 1]], [[0, 1]]]
    (tmp_path / "worker_state_e0_b1_w1.th").unlink()
    (tmp_path / "meeting").unlink(missing_ok=True)
    assert results(moments, tmp_path) == [[], []]
