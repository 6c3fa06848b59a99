"""Weights & Biases runs get their names here, because AllenNLP asks wandb for them in a way that it no longer knows."""

import uuid
from collections.abc import Iterable

from allennlp.training.callbacks import TrainerCallback
from allennlp.training.callbacks.wandb import WandBCallback


def name_wandb_runs(callbacks: Iterable[TrainerCallback]) -> None:
    """
    Gives every `wandb` callback a run id; a recovered run keeps the one in its checkpoint.

    Upstream calls `wandb.util.generate_id`, which releases since 2024 do not have.
    """
    for callback in callbacks:
        if isinstance(callback, WandBCallback) and callback._run_id is None:
            callback._run_id = uuid.uuid4().hex[:8]
