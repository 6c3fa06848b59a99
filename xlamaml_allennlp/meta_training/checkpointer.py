"""Checkpoints that are whole or not there, whenever the process is killed."""

import inspect
import math
import os
import time
from pathlib import Path
from typing import Any, NamedTuple, Optional

import torch
from allennlp.common import Lazy
from allennlp.common.util import is_distributed
from allennlp.training.checkpointer import Checkpointer
from allennlp.training.trainer import Trainer, TrainerCheckpoint

from xlamaml_allennlp.meta_training.distributed import first_worker_says


class DurableCheckpointer(Checkpointer):
    """
    The stock checkpointer, with files that appear in one piece and pairs of files that are complete.

    A kill while the stock one writes leaves half a file, which the next `--recover` takes for the latest checkpoint.
    The `meta` trainer puts this in place of the stock one, so it takes its keys and is registered under no name. With
    several workers `save_every_num_seconds`, which the stock one refuses, goes by the first worker's clock.
    """

    def __init__(self, *args: Any, save_every_num_seconds: Optional[float] = None, **stock: Any) -> None:
        super().__init__(*args, **stock)
        self._save_every_num_seconds = save_every_num_seconds

    @classmethod
    def in_place_of(cls, stock: Checkpointer) -> "DurableCheckpointer":
        """A durable checkpointer with the settings of a stock one."""
        durable = cls.__new__(cls)
        vars(durable).update(vars(stock))
        return durable

    @classmethod
    def lazily_in_place_of(cls, stock: "Optional[Lazy[Checkpointer]]") -> "Optional[Lazy[Checkpointer]]":
        """The same of what a configuration says, before the stock one is made and refuses it."""
        if stock is None or stock._constructor is not Checkpointer:
            return stock
        params = stock._params.duplicate()
        if params.pop("type", "default") != "default":
            return stock
        return Lazy(cls, params, stock._constructor_extras)

    def maybe_save_checkpoint(self, trainer: Trainer, *completed: int) -> bool:
        seconds = self._save_every_num_seconds
        if seconds is not None and is_distributed():
            # All workers take part in taking a checkpoint, so one clock has to decide for all.
            due = first_worker_says(time.time() - self._last_save_time >= seconds, trainer.cuda_device)
            self._save_every_num_seconds = -math.inf if due else None
        try:
            return super().maybe_save_checkpoint(trainer, *completed)
        finally:
            self._save_every_num_seconds = seconds

    @property
    def _is_primary(self) -> bool:
        # The first worker of every node writes, in the node's folder, and so has to remove old files there.
        per_node = os.environ.get("ALLENNLP_PROCS_PER_NODE")
        return self._rank == 0 if per_node is None else self._rank % int(per_node) == 0

    def save_checkpoint(self, trainer: Trainer) -> None:
        checkpoint = trainer.get_checkpoint_state()
        if checkpoint is None:
            # Keeps in step with the worker that writes: all of them must take part in taking the next checkpoint.
            self._last_save_num_epochs_completed = trainer._epochs_completed  # type: ignore[attr-defined]
            self._last_save_num_batches_in_epoch_completed = trainer._batches_in_epoch_completed  # type: ignore
            return
        moment = checkpoint.trainer_state["epochs_completed"], checkpoint.trainer_state["batches_in_epoch_completed"]
        # The model's file last: where it is, the training state is.
        write_whole(checkpoint.trainer_state, self._training_state_path(*moment))
        write_whole(checkpoint.model_state, self._model_state_path(*moment))
        super().save_checkpoint(_Taken(checkpoint))  # type: ignore[arg-type]  # finds both files; removes old ones

    def _remove_checkpoint(self, epochs_completed: int, batches_in_epoch_completed: int) -> None:
        # The stock one looks for names that begin alike, and takes batches 10 to 19 away with batch 1.
        for path in self._paths(epochs_completed, batches_in_epoch_completed):
            Path(path).unlink(missing_ok=True)

    def _find_all_checkpoints(self) -> set[tuple[int, int]]:
        # Not by a pattern as the stock one, in which the folder's name could have a meaning: "run[1]".
        names = os.listdir(self._serialization_dir) if os.path.isdir(self._serialization_dir) else []
        moments = filter(None, map(self._parse_model_state_path, names))
        return {moment for moment in moments if all(map(os.path.isfile, self._paths(*moment)))}

    def _paths(self, *moment: int) -> tuple[str, str]:
        return self._model_state_path(*moment), self._training_state_path(*moment)


# Its keys are the stock one's, and no others.
DurableCheckpointer.__init__.__signature__ = inspect.signature(Checkpointer.__init__)  # type: ignore[attr-defined]


class _Taken(NamedTuple):
    """Stands in for a trainer whose checkpoint has been taken."""

    checkpoint: TrainerCheckpoint

    def get_checkpoint_state(self) -> Optional[TrainerCheckpoint]:
        return self.checkpoint


def write_whole(state: Any, path: str) -> None:
    """Saves to a file that replaces `path` once it is complete."""
    partial = f"{path}.partial"
    torch.save(state, partial)
    Path(partial).replace(path)
