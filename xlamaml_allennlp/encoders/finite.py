"""Scores that are no numbers, which must not pass for predictions."""

import torch
from allennlp.common.checks import ConfigurationError


def check_scores(scores: torch.Tensor) -> None:
    """
    Refuses scores of which one is NaN or plus infinity; minus infinity is that of what is not possible.

    # Parameters

    scores : `torch.Tensor`
        What a model made of a batch, of any shape.

    # Raises

    `ConfigurationError`
        If one of them is no number.
    """
    if bool((scores.isnan() | (scores == float("inf"))).any()):
        raise ConfigurationError(
            "The model's scores are not numbers (NaN or infinity), so there is no prediction: its weights hold NaN or "
            "infinity, as after a training that diverged. Use an earlier checkpoint (--weights-file), or train with a "
            "smaller rate."
        )
