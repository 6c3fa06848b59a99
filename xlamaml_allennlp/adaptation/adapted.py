"""What the inner loop gives back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

import torch
from torch import Tensor


@dataclass
class Adapted:
    """
    What came out of one episode.

    # Parameters

    loss : `Tensor`
        A scalar: the query loss at theta', plus the support loss at theta as far as it counts. Its `backward()` (once)
        adds the meta-gradient to the `.grad` of the module's parameters, multiplied by whatever the loss was multiplied
        by. A parameter that the episode's losses do not depend on keeps the `.grad` it had, as in ordinary training.
    support_losses : `list[float]`
        The support loss before each inner step.
    alignment : `Optional[Tensor]`, optional (default = `None`)
        The products <s, s>, <s, q> and <q, q> of the support gradient s at theta and the query gradient q at theta',
        with respect to what adapts, from estimators that hold both, if `aligns` is set. Shape: (3,)
    support_weight : `float`, optional (default = `0.0`)
        How much of `support_losses[0]` is in the loss.
    """

    loss: Tensor
    support_losses: list[float]
    alignment: Optional[Tensor] = None
    support_weight: float = 0.0

    @property
    def query_loss(self) -> Tensor:
        """The query loss at theta' alone, without a graph."""
        loss = self.loss.detach()
        return loss - self.support_weight * self.support_losses[0] if self.support_weight else loss


def numbers(losses: Sequence[Tensor]) -> list[float]:
    """Scalars as Python's floats: asked for together, so that whoever waits for a GPU waits once."""
    return torch.stack([loss.detach() for loss in losses]).tolist() if losses else []
