"""What a run has adapted its model to before use, as its archive notes it."""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, Optional

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader
from allennlp.training import Trainer

from xlamaml_allennlp.languages.data_use import Adapted
from xlamaml_allennlp.languages.drawn_reader import DrawnReader
from xlamaml_allennlp.provenance.manifest import Read


def adaptation(
    reader: DatasetReader, trainer: Trainer, reads: Iterable[Read], metrics: Mapping[str, Any]
) -> Optional[Adapted]:
    """
    What a run that has ended has adapted its model to: steps of plain gradient descent on a support set that was drawn.

    # Parameters

    reader : `DatasetReader`
        The run's.
    trainer : `Trainer`
        The run's.
    reads : `Iterable[Read]`
        What it has read.
    metrics : `Mapping[str, Any]`
        What the trainer says of its epochs.

    # Returns

    `Optional[Adapted]`
        `None` if that is not what the run has done.
    """
    optimizer = getattr(trainer, "optimizer", None)
    if not isinstance(reader, DrawnReader) or not isinstance(optimizer, torch.optim.SGD):
        return None
    examples = {read.language: read.examples for read in reads if read.use == "train"}
    # An archive holds the best epoch's weights; without validation data that is the last one.
    epochs = 1 + metrics.get("best_epoch", metrics.get("epoch", -1))
    steps = math.ceil(len(trainer.data_loader) / trainer._num_gradient_accumulation_steps)  # type: ignore[attr-defined]
    return Adapted(examples, epochs * steps, optimizer.defaults["lr"])


def to_bytes(adapted: Adapted) -> bytes:
    """A line of JSON."""
    return json.dumps(adapted._asdict(), sort_keys=True).encode() + b"\n"


def from_bytes(content: bytes, where: str) -> Adapted:
    """
    # Parameters

    content : `bytes`
        What `to_bytes` gave.
    where : `str`
        The archive, for errors.

    # Raises

    `ConfigurationError`
        If it is something else.
    """
    try:
        adapted = Adapted(**json.loads(content))
        counts = [adapted.steps, *adapted.examples.values()]
        if not all(type(count) is int for count in counts) or type(adapted.alpha) is not float:
            raise ValueError("its numbers are none")
        return adapted
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ConfigurationError(
            f"{where}: what it was adapted to cannot be read ({error!s:.200}). Get or make the archive again."
        ) from error
