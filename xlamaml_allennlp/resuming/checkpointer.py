"""Checkpoints that are whole or not there, whenever the process is killed."""

import inspect
import logging
import math
import os
import time
from pathlib import Path
from typing import Any, NamedTuple, Optional

import torch
from allennlp.common import Lazy
from allennlp.common.checks import ConfigurationError
from allennlp.common.util import is_distributed
from allennlp.training.checkpointer import Checkpointer
from allennlp.training.trainer import Trainer, TrainerCheckpoint

from xlamaml_allennlp.files.whole_file import damage, write_whole
from xlamaml_allennlp.gathering import gather
from xlamaml_allennlp.resuming.leftovers import remove_leftovers
from xlamaml_allennlp.resuming.resumption import check_origin
from xlamaml_allennlp.resuming.workers import first_worker_says

logger = logging.getLogger(__name__)

Moment = tuple[int, int]


class DurableCheckpointer(Checkpointer):
    """
    The stock checkpointer, with files that appear in one piece, sets of files that are complete, and checksums.

    A kill while the stock one writes leaves half a file, which the next `--recover` takes for the latest checkpoint.
    The trainers `resumable` and `meta` put this in place of the stock one, so it takes its keys and is registered under
    no name. With several workers `save_every_num_seconds`, which the stock one refuses, goes by the first worker's
    clock, and each worker that does not write the checkpoint writes what only it knows into a file of its own.
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
            # All workers take part in every checkpoint, so one clock has to decide for all.
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
        moment = trainer._epochs_completed, trainer._batches_in_epoch_completed  # type: ignore[attr-defined]
        if checkpoint is None:
            write_whole(trainer.get_worker_state(), self._worker_state_path(*moment))  # type: ignore[attr-defined]
            self._last_save_num_epochs_completed, self._last_save_num_batches_in_epoch_completed = moment
            return
        # The model's file last: where it is, the training state is.
        write_whole(checkpoint.trainer_state, self._training_state_path(*moment))
        write_whole(checkpoint.model_state, self._model_state_path(*moment))
        super().save_checkpoint(_Taken(checkpoint))  # type: ignore[arg-type]  # finds both files; removes old ones

    def load_checkpoint(self) -> Optional[TrainerCheckpoint]:
        """
        The latest checkpoint that all workers have, of which nothing is damaged. Every worker must call it.

        # Returns

        `Optional[TrainerCheckpoint]`
            `None` if there is none. In the training state, what is a worker's own is this worker's.

        # Raises

        `ConfigurationError`
            If every checkpoint is damaged; each file is named.
        """
        if self._is_primary:
            remove_leftovers(self._serialization_dir)
        damaged: list[str] = []
        for moment in sorted(self._moments_everywhere(), reverse=True):
            model, training, *own = self._files(*moment)
            problems = _problems_of_all_workers([model, training])
            if not problems:
                state = _loaded(training)
                check_origin(state, self._serialization_dir)
                problems = _problems_of_all_workers(own)
            if not problems:
                for path in own:
                    state["run"].update(_loaded(path))
                return TrainerCheckpoint(_loaded(model), state)
            damaged += problems
            logger.error("A damaged checkpoint is passed over for the one before it. %s", " ".join(problems))
        if damaged:
            raise ConfigurationError(
                f"No checkpoint in {self._serialization_dir} is whole, so the run cannot be recovered. "
                f"{' '.join(damaged)} Bring these files back, or start in another folder."
            )
        return None

    def _remove_checkpoint(self, epochs_completed: int, batches_in_epoch_completed: int) -> None:
        # The stock one looks for names that begin alike, and takes batches 10 to 19 away with batch 1.
        moment = epochs_completed, batches_in_epoch_completed
        worker_states = Path(self._serialization_dir).glob(Path(self._worker_state_path(*moment, "*")).name)
        for path in [*map(Path, self._pair(*moment)), *worker_states]:
            path.unlink(missing_ok=True)

    def _find_all_checkpoints(self) -> set[Moment]:
        # Not by a pattern as the stock one, in which the folder's name could have a meaning: "run[1]".
        names = os.listdir(self._serialization_dir) if os.path.isdir(self._serialization_dir) else []
        moments = filter(None, map(self._parse_model_state_path, names))
        return {moment for moment in moments if all(map(os.path.isfile, self._files(*moment)))}

    def _moments_everywhere(self) -> set[Moment]:
        # Each node has a folder of its own, and may have been ended a checkpoint earlier than another.
        workers = gather({"moments": self._find_all_checkpoints()})
        return set.intersection(*(worker["moments"] for worker in workers))

    def _pair(self, *moment: int) -> tuple[str, str]:
        return self._model_state_path(*moment), self._training_state_path(*moment)

    def _files(self, *moment: int) -> list[str]:
        # A kill may come when one worker has written its own file, and another has not.
        return [*self._pair(*moment), *([] if self._is_primary else [self._worker_state_path(*moment)])]

    def _worker_state_path(self, epochs_completed: int, batches_in_epoch_completed: int, rank: Any = None) -> str:
        rank = self._rank if rank is None else rank
        name = f"worker_state_e{epochs_completed}_b{batches_in_epoch_completed}_w{rank}.th"
        return os.path.join(self._serialization_dir, name)


# Its keys are the stock one's, and no others.
DurableCheckpointer.__init__.__signature__ = inspect.signature(Checkpointer.__init__)  # type: ignore[attr-defined]


def durable(checkpointer: Optional[Checkpointer], distributed: bool) -> Optional[Checkpointer]:
    """
    The checkpointer that a trainer uses for the one that it was given.

    # Raises

    `ConfigurationError`
        If it cannot be used by several workers.
    """
    if type(checkpointer) is Checkpointer:
        return DurableCheckpointer.in_place_of(checkpointer)
    if distributed and checkpointer is not None and not isinstance(checkpointer, DurableCheckpointer):
        raise ConfigurationError(
            f"trainer.checkpointer is a {type(checkpointer).__name__}; with several workers it must be the default "
            "one, or derived from DurableCheckpointer, because all workers take part in every checkpoint."
        )
    return checkpointer


class _Taken(NamedTuple):
    """Stands in for a trainer whose checkpoint has been taken."""

    checkpoint: TrainerCheckpoint

    def get_checkpoint_state(self) -> Optional[TrainerCheckpoint]:
        return self.checkpoint


def _problems_of_all_workers(paths: list[str]) -> list[str]:
    mine = [f"{path}: {problem}." for path in paths if (problem := damage(path))]
    return list(dict.fromkeys(each for worker in gather({"problems": mine}) for each in worker["problems"]))


def _loaded(path: str) -> dict[str, Any]:
    return torch.load(path, map_location="cpu", weights_only=True)
