"""Runs of the stock kind on the small task, killed at a chosen place and recovered."""

import multiprocessing
import os
import signal
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from allennlp.commands import train
from allennlp.commands.train import train_model
from allennlp.common import Params
from allennlp.training import gradient_descent_trainer as stock
from allennlp.training import util as training_util
from tqdm import tqdm

from tests.meta_training.tiny import TinyClassifier, config
from tests.resuming.recovery_test import outcome
from xlamaml_allennlp.files import whole_file
from xlamaml_allennlp.resuming import ResumableTrainer

# What is called, by whom, and about what (a part of an argument), in one run of three epochs of six steps; the process
# is killed before the n-th call.
Place = tuple[Any, str, str]
CONFIG_WRITTEN: Place = (whole_file, "_to_disk", "config.json")
CONFIG_NAMED: Place = (Path, "replace", "config.json")
STEP: Place = (ResumableTrainer, "rescale_gradients", "")
FORWARD: Place = (TinyClassifier, "forward", "")
METRICS: Place = (training_util, "get_metrics", "")
VALIDATION: Place = (ResumableTrainer, "_validation_loss", "")
CHECKPOINT_WRITTEN: Place = (torch, "save", "")
CHECKPOINT_TO_DISK: Place = (whole_file, "_to_disk", ".th")
CHECKPOINT_NAMED: Place = (Path, "replace", ".th")
CHECKPOINT_SETTLED: Place = (whole_file, "_settle", "")
METRICS_FILE: Place = (stock.common_util, "dump_metrics", "")
METRICS_WRITTEN: Place = (whole_file, "_to_disk", "metrics")
METRICS_NAMED: Place = (Path, "replace", "metrics")
BEST_WEIGHTS: Place = (stock, "hardlink_or_copy", "")
ARCHIVE: Place = (train, "archive_model", "")
ARCHIVE_FILLED: Place = (tarfile.TarFile, "add", "")
ARCHIVE_NAMED: Place = (Path, "replace", "model.tar.gz")


def stock_config(data: Path, **trainer: Any) -> Params:
    """Dropout, shuffling in training and validation, accumulation, a schedule: three epochs of six steps."""
    shuffled = {"batch_size": 3, "shuffle": True}
    # Three of four batches, so that each validation begins where the last one ended.
    top = {"data_loader": shuffled, "validation_data_loader": {**shuffled, "batches_per_epoch": 3}}
    defaults = {
        "type": "resumable",
        "num_epochs": 3,
        "learning_rate_scheduler": {"type": "linear_with_warmup", "warmup_steps": 1},
        "checkpointer": {"save_every_num_batches": 2},
    }
    params = config(data, top=top, **{**defaults, **trainer})
    del params["trainer"]["inner_loop"]
    return params


def killed(params: Params, folder: Path, place: Place, call: int, recover: bool = False) -> bool:
    """Trains in a process of its own, killed before the given call (from 1); whether it got there."""
    process = multiprocessing.get_context("fork").Process(target=_train, args=(params, folder, place, call, recover))
    process.start()
    process.join(120)
    assert process.exitcode in (0, -signal.SIGKILL)
    return process.exitcode != 0


def _train(params: Params, folder: Path, place: Place, call: int, recover: bool) -> None:
    tqdm.set_lock(threading.RLock())  # tqdm's own is shared by all that are forked, and one that is killed may hold it
    owner, name, about = place
    setattr(owner, name, _killing(getattr(owner, name), about, call))
    train_model(params, folder, recover=recover)


def _killing(function: Callable[..., Any], about: str, call: int) -> Callable[..., Any]:
    calls = [0]

    def counted(*arguments: Any, **keys: Any) -> Any:
        calls[0] += about in f"{arguments}"
        if calls[0] >= call:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **keys)

    return counted


def ends(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a run ended with: its best weights, its last ones, and all its metrics."""
    last = max(folder.glob("model_state_*"), key=lambda path: [int(part[1:]) for part in path.stem.split("_")[2:]])
    weights = {path.stem: torch.load(path, weights_only=True) for path in (folder / "best.th", last)}
    return {f"{name}.{key}": value for name, state in weights.items() for key, value in state.items()}, outcome(folder)


def same(one: Path, other: Path) -> bool:
    """Whether two runs ended alike, to the last bit."""
    (mine, metrics), (theirs, their_metrics) = ends(one), ends(other)
    return (
        mine.keys() == theirs.keys()
        and all(map(torch.equal, mine.values(), theirs.values()))
        and (metrics == their_metrics)
    )
