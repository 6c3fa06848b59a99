"""Where an interrupted run goes on, and what it was doing there that the stock trainer's checkpoint does not tell."""

import logging
from dataclasses import dataclass
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError
from allennlp.training.checkpointer import Checkpointer
from allennlp.training.trainer import TrainerCheckpoint

from xlamaml_allennlp.resuming import mends, workers
from xlamaml_allennlp.resuming.generators import read_generators, restore_generators
from xlamaml_allennlp.resuming.metric_counts import metric_counts, restore_metric_counts

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Resumption:
    """
    A checkpoint's place in the run, with what is this worker's own.

    # Parameters

    epochs : `int`
        Epochs completed.
    steps : `int`
        Optimizer steps completed in the epoch under way; 0 if none is.
    steps_of_run : `int`
        Optimizer steps completed in all.
    random_state : `dict[str, Any]`
        From `read_generators`.
    sums : `dict[str, Any]`
        The sums behind the epoch's training losses.
    metric_counts : `dict[str, Any]`
        From `metric_counts`.
    validates : `bool`
        Whether the epoch ends with a validation.
    trainable : `list[str]`
        Names of the parameters that require gradients; gradual unfreezing changes it.
    training_data, validation_data : `dict[str, Any]`
        The states of the data loaders.
    """

    epochs: int
    steps: int
    steps_of_run: int
    random_state: dict[str, Any]
    sums: dict[str, Any]
    metric_counts: dict[str, Any]
    validates: bool
    trainable: list[str]
    training_data: dict[str, Any]
    validation_data: dict[str, Any]

    @classmethod
    def of_checkpoint(cls, training_state: dict[str, Any]) -> "Resumption":
        """What the training state of a checkpoint says."""
        return cls(**{key: value for key, value in training_state["run"].items() if key != "workers"})

    @classmethod
    def of_trainer(cls, trainer: Any) -> "Resumption":
        """What a trainer is doing now."""
        validation = trainer._validation_data_loader
        return cls(
            epochs=trainer._epochs_completed,
            steps=trainer._batches_in_epoch_completed,
            steps_of_run=trainer._total_batches_completed,
            random_state=read_generators(trainer.cuda_device),
            sums=trainer.sums.state(),
            metric_counts=metric_counts(trainer.model),
            validates=trainer._should_validate_this_epoch,
            trainable=[name for name, each in trainer.model.named_parameters() if each.requires_grad],
            training_data=trainer.data_loader.state(),
            validation_data={} if validation is None else validation.state(),
        )

    @property
    def is_between_epochs(self) -> bool:
        """Whether no epoch is under way."""
        return self.steps == 0

    def restore(self, trainer: Any) -> None:
        """Brings a trainer to this place, in all that upstream's checkpoint leaves out."""
        trainer._total_batches_completed = self.steps_of_run - self.steps  # which upstream counts again
        trainer.sums = trainer.new_sums()
        trainer.sums.merge(self.sums)
        restore_metric_counts(trainer.model, self.metric_counts, trainer.cuda_device)
        mends.train_what_was_trained(trainer.model, self.trainable)
        if trainer._validation_data_loader is not None:
            trainer._validation_data_loader.resume(self.validation_data, within=False)
        trainer.data_loader.resume(
            self.training_data,
            within=not self.is_between_epochs,
            before_next=lambda: restore_generators(self.random_state, trainer.cuda_device),
        )

    def begin(self, trainer: Any) -> dict[str, Any]:
        """Prepares a trainer that has its checkpoint for its epochs, and returns the metrics of the last one done."""
        mends.take_confidence_hooks_away(trainer._callbacks)
        trainer._should_validate_this_epoch = self.validates  # callbacks have begun, as if with the first epoch
        tracker = trainer._metric_tracker
        if self.is_between_epochs and self.validates and tracker.is_best_so_far():
            mends.save_best_weights(trainer)
        else:
            mends.refuse_damaged_best_weights(trainer)
        if self.is_between_epochs and tracker.should_stop_early():
            logger.info("Ran out of patience before the interruption. Stopping training.")
            trainer._num_epochs = self.epochs
        earlier = mends.metrics_of_epoch(trainer._serialization_dir, self.epochs - 1) if self.epochs else {}
        if "best_epoch" in earlier:  # the tracker counts validations, the metrics epochs
            tracker.best_epoch = earlier["best_epoch"]
        return earlier

    def complete(self, trainer: Any, metrics: dict[str, Any], earlier: dict[str, Any]) -> dict[str, Any]:
        """The metrics of a run whose epochs are done, with what is known only from the metrics before it went on."""
        if "epoch" not in metrics:  # nothing was left to train
            metrics = {**metrics, **earlier}
        validated = {key: value for key, value in earlier.items() if key.startswith("validation_")}
        if trainer._primary:
            epochs = range(self.epochs, metrics.get("epoch", -1) + 1)
            mends.repeat_validation(trainer._serialization_dir, validated, epochs)
        return {**validated, **metrics}


def resume(trainer: Any) -> Optional[Resumption]:
    """
    Brings a trainer to its last checkpoint, as far as upstream does not; upstream is then handed the checkpoint.

    # Returns

    `Optional[Resumption]`
        Where the trainer goes on; `None` if there is no checkpoint.

    # Raises

    `ConfigurationError`
        If another trainer or another number of workers wrote it.
    """
    if trainer._checkpointer is None:
        return None
    checkpoint, resumption = trainer._checkpointer.load_checkpoint(), None
    if checkpoint is not None:
        state = checkpoint.trainer_state
        check_origin(state, trainer._serialization_dir)
        mends.find_best_weights_in_this_folder(state, trainer._serialization_dir)
        mends.average_the_trained_parameters(state, trainer._moving_average)
        if trainer._scaler is not None:
            trainer._scaler.load_state_dict(state["scaler"])
        resumption = Resumption.of_checkpoint(state)
        resumption.restore(trainer)
    _hand_on(trainer._checkpointer, checkpoint)
    return resumption


def check_origin(training_state: dict[str, Any], folder: str) -> None:
    """
    Refuses a checkpoint that no exact recovery can start from.

    # Raises

    `ConfigurationError`
        If another trainer or another number of workers wrote it.
    """
    if "run" not in training_state:
        raise ConfigurationError(
            f"The checkpoint in {folder} was not written by a `resumable` or `meta` trainer: it holds no random state. "
            "Start in another folder."
        )
    wrote = training_state["run"]["workers"]
    if wrote != workers.count():
        raise ConfigurationError(
            f"The checkpoint in {folder} was written by {wrote} workers, and cannot be recovered by "
            f"{workers.count()}: restore `distributed`, or start anew in another folder."
        )


def _hand_on(checkpointer: Checkpointer, checkpoint: Optional[TrainerCheckpoint]) -> None:
    """Lets a checkpointer give what it has loaded, which has been read and judged, when it is asked once more."""

    def load_checkpoint() -> Optional[TrainerCheckpoint]:
        del checkpointer.load_checkpoint  # the object's own: from now on it is the class's again
        return checkpoint

    checkpointer.load_checkpoint = load_checkpoint  # type: ignore[method-assign]
