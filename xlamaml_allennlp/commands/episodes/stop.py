"""Ends a replay where it has seen enough."""

from typing import Any

import torch.distributed as dist
from allennlp.common.util import is_distributed
from allennlp.training.callbacks import TrainerCallback


class Stopped(Exception):
    """Ends a training that has no further purpose."""


@TrainerCallback.register("stop_after_step")
class StopAfterStep(TrainerCallback):
    """
    Ends a training after one of its optimizer steps, by an exception: no metrics, no archive. `allennlp episodes` puts
    it into the configs that it replays.

    Registered as a `TrainerCallback` with name "stop_after_step".

    # Parameters

    step : `int`
        The last step, counted from 1 over the whole run.
    serialization_dir : `str`
        The run's folder, which AllenNLP gives.
    """

    def __init__(self, step: int, serialization_dir: str) -> None:
        super().__init__(serialization_dir)
        self._step = step

    def on_batch(self, trainer: Any, *arguments: Any, is_training: bool, **keys: Any) -> None:  # type: ignore[override]
        if is_training and trainer._total_batches_completed >= self._step:
            if is_distributed():
                dist.barrier()  # the first worker that ends takes the others with it, whatever they have not written
            raise Stopped(f"step {self._step} is done")
