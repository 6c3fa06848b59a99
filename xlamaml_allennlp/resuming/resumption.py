"""Where an interrupted run goes on, and what it was doing there that the stock trainer's checkpoint does not tell."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from allennlp.common.checks import ConfigurationError
from allennlp.training.trainer import TrainerCheckpoint

from xlamaml_allennlp.resuming import workers


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
        From `random_state`.
    tally : `dict[str, Any]`
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
    tally: dict[str, Any]
    metric_counts: dict[str, Any]
    validates: bool
    trainable: list[str]
    training_data: dict[str, Any]
    validation_data: dict[str, Any]

    @classmethod
    def of(cls, training_state: dict[str, Any]) -> "Resumption":
        """What the training state of a checkpoint says."""
        return cls(**{key: value for key, value in training_state["run"].items() if key != "workers"})

    @property
    def is_between_epochs(self) -> bool:
        """Whether no epoch is under way."""
        return self.steps == 0


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


@contextmanager
def handed_on(trainer: Any, checkpoint: TrainerCheckpoint) -> Iterator[None]:
    """A context in which a trainer that loads its checkpoint gets this one, which has been read and judged."""
    checkpointer = trainer._checkpointer
    trainer._checkpointer = _Loaded(checkpoint)
    try:
        yield
    finally:
        trainer._checkpointer = checkpointer


class _Loaded(NamedTuple):
    checkpoint: TrainerCheckpoint

    def load_checkpoint(self) -> TrainerCheckpoint:
        return self.checkpoint
