"""What a meta-training run says about itself: in the log, on the progress bar, and to other callbacks."""

import logging
import math
from typing import Any, Optional, Protocol

from allennlp.training.callbacks import TrainerCallback

from xlamaml_allennlp.adaptation import InnerLoop
from xlamaml_allennlp.meta_training.episode_sums import EpisodeSums, languages_of_episode

logger = logging.getLogger(__name__)

LINES_PER_EPOCH = 10


class Run(Protocol):
    """What the callback reads of the trainer that it is called by."""

    data_loader: Any
    inner_loop: InnerLoop
    sums: EpisodeSums
    last_epoch: EpisodeSums
    _num_epochs: int
    _num_gradient_accumulation_steps: int
    _precision: str
    _world_size: int


class EpisodeProgress(TrainerCallback):
    """
    Shows episodes, their languages, support and query loss. It reads what the trainer has counted and computes nothing.

    A default callback of the `meta` trainer, ahead of all others so that they see the support loss too.
    """

    def on_start(self, trainer: Run, is_primary: bool = True, **kwargs: Any) -> None:  # type: ignore[override]
        super().on_start(trainer, is_primary, **kwargs)  # type: ignore[arg-type]
        if is_primary:
            logger.info("Meta-training: %s", plan_of_run(trainer))

    def on_batch(  # type: ignore[override]
        self,
        trainer: Run,
        batch_inputs: list[Any],
        batch_outputs: list[dict[str, Any]],
        batch_metrics: dict[str, Any],
        epoch: int,
        batch_number: int,
        is_training: bool,
        is_primary: bool = True,
        batch_grad_norm: Optional[float] = None,
        **kwargs: Any,
    ) -> None:
        if not is_training:
            return
        batch_metrics.update(trainer.sums.running())
        steps = meta_steps_per_epoch(trainer)
        if is_primary and batch_number % max(1, (steps or 1000) // LINES_PER_EPOCH) == 0:
            languages = ", ".join(dict.fromkeys(map(languages_of_episode, batch_inputs)))
            losses = ", ".join(f"{name} {value:.4f}" for name, value in trainer.sums.running().items())
            logger.info("Epoch %d, meta step %d of %s: %s; %s", epoch, batch_number, steps or "?", languages, losses)

    def on_epoch(  # type: ignore[override]
        self, trainer: Run, metrics: dict[str, Any], epoch: int, is_primary: bool = True, **kwargs: Any
    ) -> None:
        if is_primary:
            counts = ", ".join(f"{languages}: {count}" for languages, count in trainer.last_epoch.episodes.items())
            logger.info("Epoch %d: episodes by languages (support -> query): %s", epoch, counts or "none")


def meta_steps_per_epoch(trainer: Run) -> Optional[int]:
    """The number of optimizer steps in an epoch, if the data loader knows its length."""
    try:
        return math.ceil(len(trainer.data_loader) / trainer._num_gradient_accumulation_steps)
    except TypeError:
        return None


def plan_of_run(trainer: Run) -> str:
    """What a run with this trainer consists of, in one line."""
    steps = meta_steps_per_epoch(trainer)
    workers, per_step = trainer._world_size, trainer._num_gradient_accumulation_steps
    inner_loop = trainer.inner_loop
    settings = [f"{key}={value}" for key, value in vars(inner_loop).items() if not key.startswith("_")]
    return (
        f"{trainer._num_epochs} epochs of {steps or 'unknown'} meta steps; "
        f"{'unknown' if steps is None else len(trainer.data_loader) * workers} episodes per epoch, "
        f"{per_step * workers} per meta step ({workers} workers x {per_step}); "
        f"inner loop {type(inner_loop).__name__}({', '.join(settings)}); precision {trainer._precision}"
    )
