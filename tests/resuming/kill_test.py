"""A run of the stock kind, killed anywhere, ends as one that was not: in its last bit."""

import tarfile
from pathlib import Path
from typing import Any

import pytest
from allennlp.commands.train import train_model

from tests.meta_training.tiny import write_data
from tests.resuming import killed as k
from tests.resuming.killed import killed, same, stock_config

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

KEYS: dict[str, dict[str, Any]] = {
    "schedule": {},
    "moving average": {
        "moving_average": {"type": "exponential", "decay": 0.5},
        "learning_rate_scheduler": {"type": "cosine", "t_initial": 2},
    },
    "patience": {"patience": 1, "num_epochs": 9, "optimizer": {"type": "sgd", "lr": 1e-30}},
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Any:
    """The uninterrupted run with the given keys, and the data of it."""
    folder = tmp_path_factory.mktemp("whole")
    data = write_data(folder)

    def run(name: str) -> tuple[Path, Path]:
        if not (folder / name).exists():
            train_model(stock_config(data, **KEYS[name]), folder / name)
        return folder / name, data

    return run


def files(folder: Path) -> set[str]:
    """The files of a run but its logs, and but the states of checkpoints, of which a kill may leave one more."""
    return {path.name for path in folder.glob("*.*") if path.suffix != ".log" and "_state_e" not in path.stem} | {
        path.name for path in folder.glob("*.partial")
    }


def members(folder: Path) -> set[str]:
    with tarfile.open(folder / "model.tar.gz") as archive:
        return set(archive.getnames())


@pytest.mark.parametrize(
    "place, call",
    [
        (k.CONFIG_WRITTEN, 1),
        (k.CONFIG_NAMED, 1),
        (k.STEP, 4),
        (k.STEP, 9),  # the third step of the second epoch, after a checkpoint at its second
        (k.STEP, 12),  # the second epoch's last
        (k.FORWARD, 31),
        (k.VALIDATION, 1),
        (k.VALIDATION, 3),
        (k.METRICS, 8),  # within the first validation
        (k.METRICS_FILE, 2),
        (k.CHECKPOINT_WRITTEN, 2),
        (k.CHECKPOINT_WRITTEN, 10),
        (k.CHECKPOINT_TO_DISK, 11),
        (k.CHECKPOINT_NAMED, 7),
        (k.CHECKPOINT_NAMED, 8),
        (k.CHECKPOINT_SETTLED, 24),
        (k.METRICS_WRITTEN, 1),
        (k.METRICS_NAMED, 3),
        (k.BEST_WEIGHTS, 1),
        (k.METRICS_FILE, 4),  # that of the whole run, after the last epoch
        (k.METRICS_NAMED, 4),
        (k.ARCHIVE, 1),
        (k.ARCHIVE_FILLED, 2),  # with the configuration in it, and not the weights
        (k.ARCHIVE_NAMED, 1),
    ],
    ids=lambda value: "-".join(value[1:]) if isinstance(value, tuple) else str(value),
)
def test_a_run_killed_once_ends_as_the_one_that_was_not(whole, tmp_path, place, call):
    uninterrupted, data = whole("schedule")
    assert killed(stock_config(data), tmp_path / "run", place, call)
    train_model(stock_config(data), tmp_path / "run", recover=True)
    assert same(uninterrupted, tmp_path / "run")
    assert files(tmp_path / "run") == files(uninterrupted)
    assert members(tmp_path / "run") == members(uninterrupted)


@pytest.mark.parametrize("name", ["moving average", "patience"])
@pytest.mark.parametrize("place, call", [(k.STEP, 9), (k.VALIDATION, 2), (k.CHECKPOINT_NAMED, 11)])
def test_so_does_one_with_a_moving_average_or_patience(whole, tmp_path, name, place, call):
    uninterrupted, data = whole(name)
    assert killed(stock_config(data, **KEYS[name]), tmp_path / "run", place, call)
    train_model(stock_config(data, **KEYS[name]), tmp_path / "run", recover=True)
    assert same(uninterrupted, tmp_path / "run")


def test_a_run_killed_in_every_third_step_ends_as_the_one_that_was_not(whole, tmp_path):
    uninterrupted, data = whole("schedule")
    kills = 0
    while killed(stock_config(data), tmp_path / "run", k.STEP, 4, recover=bool(kills)):
        kills += 1
    # 18 steps, a checkpoint after two of each three: 2 are kept from every life but the last.
    assert kills > 4
    assert same(uninterrupted, tmp_path / "run")
