"""What AllenNLP's trainer loses or leaves half-done when it goes on from a checkpoint: one function for each."""

import json
import os
from collections.abc import Iterable
from typing import Any, Optional

from allennlp.common import util
from allennlp.training.callbacks.confidence_checks import ConfidenceChecksCallback
from allennlp.training.moving_average import MovingAverage
from torch.nn import Module

from xlamaml_allennlp.files.whole_file import check_whole


def average_the_trained_parameters(training_state: dict[str, Any], average: Optional[MovingAverage]) -> None:
    """
    Has the moving average of a checkpoint follow the parameters that are trained.

    Upstream loads the checkpoint's copies of them in their place, which nobody trains.
    """
    if average is None:
        return
    saved = training_state["moving_average"]
    saved["parameters"] = average._parameters
    for kept in (saved["shadows"], saved["backups"]):
        kept.update({name: kept[name].to(parameter.device) for name, parameter in average._parameters})


def train_what_was_trained(model: Module, trainable: Iterable[str]) -> None:
    """Lets the parameters of these names require gradients, and no others: gradual unfreezing is in no checkpoint."""
    names = set(trainable)
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name in names)


def take_confidence_hooks_away(callbacks: Iterable[Any]) -> None:
    """Removes the hooks that confidence checks take away after the run's first batch, which was trained on before."""
    for callback in callbacks:
        if isinstance(callback, ConfidenceChecksCallback) and getattr(callback, "_verification", None) is not None:
            callback._verification.destroy_hooks()


def find_best_weights_in_this_folder(training_state: dict[str, Any], folder: str) -> None:
    """Has a checkpoint name the best weights beside it: it names them by the folder in which it was written."""
    if training_state["best_model_filename"] is not None:
        name = os.path.basename(training_state["best_model_filename"])
        training_state["best_model_filename"] = os.path.join(folder, name)


def refuse_damaged_best_weights(trainer: Any) -> None:
    """
    Refuses best weights that are damaged: upstream would load them at the end of the run, and archive them.

    # Raises

    `ConfigurationError`
        With the file, and what is wrong with it.
    """
    path = trainer._best_model_filename
    if path is not None and os.path.exists(path):  # if they are missing, they may be those of an epoch to come
        check_whole(path)


def save_best_weights(trainer: Any) -> None:
    """
    Writes the weights of a checkpoint as the best ones.

    Upstream does so after the checkpoint is written, and the run may have died in between.
    """
    trainer._best_model_filename = os.path.join(trainer._serialization_dir, "best.th")
    if not trainer._primary:
        return
    average = trainer._moving_average
    if average is not None:
        average.assign_average_value()
    try:
        trainer._save_model_state(trainer._best_model_filename)
    finally:
        if average is not None:
            average.restore()


def metrics_of_epoch(folder: str, epoch: int) -> dict[str, Any]:
    """What an epoch's metrics file says; nothing on a machine without the primary worker, which writes it."""
    path = _metrics_path(folder, epoch)
    if not os.path.isfile(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def repeat_validation(folder: str, validated: dict[str, Any], epochs: Iterable[int]) -> None:
    """Writes the last validation's numbers to epochs without one: upstream keeps them in a local variable."""
    for epoch in epochs if validated else ():
        metrics = metrics_of_epoch(folder, epoch)
        if validated.keys() <= metrics.keys():
            return
        util.dump_metrics(_metrics_path(folder, epoch), {**metrics, **validated})


def _metrics_path(folder: str, epoch: int) -> str:
    return os.path.join(folder, f"metrics_epoch_{epoch}.json")
