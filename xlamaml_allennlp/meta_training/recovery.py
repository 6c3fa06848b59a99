"""The stock trainer, recovered exactly: an interrupted run ends as the uninterrupted one would have."""

import json
import logging
import os
from typing import Any, Optional

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.common.util import dump_metrics
from allennlp.training.checkpointer import Checkpointer
from allennlp.training.gradient_descent_trainer import GradientDescentTrainer
from allennlp.training.moving_average import MovingAverage
from allennlp.training.trainer import TrainerCheckpoint

from xlamaml_allennlp.meta_training.checkpointer import DurableCheckpointer, write_whole
from xlamaml_allennlp.meta_training.distributed import gather, rank
from xlamaml_allennlp.meta_training.metric_counts import metric_counts, restore_metric_counts
from xlamaml_allennlp.meta_training.plain import plain
from xlamaml_allennlp.meta_training.random_state import random_state, restore_random_state
from xlamaml_allennlp.meta_training.tally import Tally

logger = logging.getLogger(__name__)


class RecoverableTrainer(GradientDescentTrainer):
    """
    A `GradientDescentTrainer` whose checkpoints also hold what the stock one forgets.

    These are the random states, the sums behind the epoch's training losses, what the metrics have counted, whether
    this epoch is validated, and which parameters a schedule has unfrozen, each per worker. A subclass counts its
    batches in `self.tally`, and calls `_catch_up` when it computes the first batch.
    """

    _serialization_dir: str

    def __init__(self, *args: Any, **stock: Any) -> None:
        super().__init__(*args, **stock)
        self._checkpointer = _durable(self._checkpointer, self._distributed)
        self.tally = Tally()
        self.last_epoch = Tally()
        self._recovered: Optional[dict[str, Any]] = None

    def get_checkpoint_state(self) -> Optional[TrainerCheckpoint]:
        run = gather(
            {
                "random_state": random_state(self.cuda_device),
                "tally": self.tally.state(),
                "metric_counts": metric_counts(self.model),
                "validates": self._should_validate_this_epoch,
                "trainable": [name for name, each in self.model.named_parameters() if each.requires_grad],
            }
        )
        checkpoint = super().get_checkpoint_state()
        if checkpoint is None:
            return None
        return TrainerCheckpoint(checkpoint.model_state, {**plain(checkpoint.trainer_state), "run": run})

    def _maybe_restore_checkpoint(self) -> None:
        average = self._moving_average
        averaged = [] if average is None else average._parameters
        super()._maybe_restore_checkpoint()
        if not self._start_after_epochs_completed and not self._start_after_batches_in_epoch_completed:
            return
        if average is not None:
            _rebind(average, averaged)
        run = _run_of(self._checkpointer)
        if len(run) != self._world_size:
            raise ConfigurationError(
                f"The checkpoint in {self._serialization_dir} was written by {len(run)} workers, and cannot be "
                f"recovered by {self._world_size}: restore `distributed`, or start anew in another folder."
            )
        self._recovered = run[rank()]
        if (trainable := self._recovered.get("trainable")) is not None:  # gradual unfreezing changes it
            for name, parameter in self.model.named_parameters():
                parameter.requires_grad_(name in trainable)
        self.tally = Tally.from_state(self._recovered["tally"])
        restore_metric_counts(self.model, self._recovered["metric_counts"], self.cuda_device)
        if not self._start_after_batches_in_epoch_completed:
            self._repair_best_weights(self._recovered["validates"])

    def _catch_up(self) -> None:
        """Restores the random state, once, when what the checkpoint holds has been skipped."""
        if self._recovered is not None:
            restore_random_state(self._recovered["random_state"], self.cuda_device)
            self._recovered = None

    def _train_epoch(self, epoch: int) -> dict[str, float]:
        if (
            self._epochs_completed == self._start_after_epochs_completed
            and not self._start_after_batches_in_epoch_completed
        ):
            self._catch_up()
        metrics = super()._train_epoch(epoch)
        if self._epochs_completed < self._start_after_epochs_completed:
            return metrics
        self._catch_up()  # if every batch of this epoch was done before the interruption
        if "loss" not in metrics:
            metrics.update(self.model.get_metrics(reset=True))
        self.last_epoch = self.tally.over_workers()
        metrics.update(self.last_epoch.means())
        self.tally = Tally()
        return metrics

    def _try_train(self) -> tuple[dict[str, Any], int]:
        done = self._start_after_epochs_completed
        if self._recovered is not None:
            self._should_validate_this_epoch = self._recovered["validates"]
            if not self._start_after_batches_in_epoch_completed and self._metric_tracker.should_stop_early():
                logger.info("Ran out of patience before the interruption. Stopping training.")
                self._num_epochs = done
        earlier = self._metrics_of(done - 1) if self._recovered is not None and done else {}
        if "best_epoch" in earlier:  # the tracker counts validations, the metrics epochs
            self._metric_tracker.best_epoch = earlier["best_epoch"]
        metrics, epoch = super()._try_train()
        if self._recovered is not None:  # nothing was left to train
            metrics.update(earlier)
        validated = {key: value for key, value in earlier.items() if key.startswith("validation_")}
        self._repeat(validated, range(done, metrics.get("epoch", -1) + 1))
        return {**validated, **metrics}, epoch

    def _repeat(self, validated: dict[str, Any], epochs: range) -> None:
        """Writes the last validation's numbers to epochs without one: upstream keeps them in a local variable."""
        for epoch in epochs if self._primary and validated else ():
            metrics = self._metrics_of(epoch)
            if validated.keys() <= metrics.keys():
                return
            dump_metrics(self._metrics_path(epoch), {**metrics, **validated})

    def _metrics_of(self, epoch: int) -> dict[str, Any]:
        path = self._metrics_path(epoch)
        if not os.path.isfile(path):  # on a machine without the primary worker, which writes them
            return {}
        with open(path, encoding="utf-8") as file:
            return json.load(file)

    def _metrics_path(self, epoch: int) -> str:
        return os.path.join(self._serialization_dir, f"metrics_epoch_{epoch}.json")

    def _validation_loss(self, epoch: int) -> Any:
        # Other episodes in every epoch would be compared with each other, and a recovered run would see others again.
        if (begin_anew := getattr(self._validation_data_loader, "begin_anew", None)) is not None:
            begin_anew()
        return super()._validation_loss(epoch)

    def _repair_best_weights(self, validated: bool) -> None:
        """Writes the best weights of a checkpoint again: they are saved after it, and the run may have died between."""
        if not (validated and self._metric_tracker.is_best_so_far()):
            return
        self._best_model_filename = os.path.join(self._serialization_dir, "best.th")
        if not self._primary:
            return
        if self._moving_average is not None:
            self._moving_average.assign_average_value()
        try:
            write_whole(self.model.state_dict(), self._best_model_filename)
        finally:
            if self._moving_average is not None:
                self._moving_average.restore()


def _durable(checkpointer: Optional[Checkpointer], distributed: bool) -> Optional[Checkpointer]:
    if type(checkpointer) is Checkpointer:
        return DurableCheckpointer.in_place_of(checkpointer)
    if distributed and checkpointer is not None and not isinstance(checkpointer, DurableCheckpointer):
        raise ConfigurationError(
            f"trainer.checkpointer is a {type(checkpointer).__name__}; with several workers it must be the default "
            "one, or derived from DurableCheckpointer, because all workers take part in every checkpoint."
        )
    return checkpointer


def _rebind(average: MovingAverage, parameters: list[Any]) -> None:
    # The stock one would go on averaging the checkpoint's copies of the parameters, which nobody trains.
    average._parameters = parameters
    for kept in (average._shadows, average._backups):
        kept.update({name: kept[name].to(parameter.device) for name, parameter in parameters})


def _run_of(checkpointer: Optional[Checkpointer]) -> list[dict[str, Any]]:
    assert checkpointer is not None
    latest = checkpointer.find_latest_checkpoint()
    assert latest is not None
    # Mapped, so that the optimizer's state in the same file is not read a second time.
    state = torch.load(latest[1], map_location="cpu", mmap=True, weights_only=True)
    if "run" not in state:
        raise ConfigurationError(
            f"{latest[1]} is not a checkpoint of the `meta` trainer: it holds no random state. Start in another folder."
        )
    return state["run"]
