"""What a sentence pair is labelled with, and in which order."""

from collections.abc import Sequence
from typing import Optional

from allennlp.common.checks import ConfigurationError

# Fixed, because a vocabulary built from data orders labels by count, and two stages could permute them silently.
LABELS = ("entailment", "neutral", "contradiction")


def checked(labels: Optional[Sequence[str]]) -> tuple[str, ...]:
    """
    The labels in order, whatever of a config's key `labels` is given.

    # Parameters

    labels : `Optional[Sequence[str]]`
        Names of the classes; the k-th has index k. `None`: entailment, neutral, contradiction.

    # Raises

    `ConfigurationError`
        If there are fewer than two, or one occurs twice.
    """
    if labels is None:
        return LABELS
    if isinstance(labels, str) or len(labels) < 2 or len(set(labels)) != len(labels):
        raise ConfigurationError(f"labels: {labels!r} is not a list of two or more different labels.")
    return tuple(labels)
