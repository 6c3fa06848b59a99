"""Losses and gradients that are not finite: who, when, and the way out, before the optimizer sees them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from torch import Tensor
from torch.nn import Parameter

from xlamaml_allennlp.adaptation import euclidean_norm
from xlamaml_allennlp.episodes.episode import describe
from xlamaml_allennlp.gathering import gather

WAY_OUT = (
    "Nothing of this meta step has reached the weights. Lower trainer.inner_loop.lr or the optimizer's lr, warm the "
    "schedule up, clip with trainer.grad_norm, or look at these examples; with precision bf16 try float32."
)


def check_losses(where: str, batch: Mapping[str, Any], support_losses: Sequence[float], loss: Tensor) -> None:
    """
    Refuses an episode (or stock batch) with a loss that is not finite.

    # Parameters

    where : `str`
        The moment in the run.
    batch : `Mapping[str, Any]`
        The episode, whose languages and ids are named.
    support_losses : `Sequence[float]`
        The support loss before each inner step.
    loss : `Tensor`
        The scalar loss that would be differentiated.

    # Raises

    `ValueError`
        If one is not finite; the first in the order of computing is named.
    """
    for step, support_loss in enumerate(support_losses):
        if not math.isfinite(support_loss):
            found = f"the support loss before inner step {step + 1} of {len(support_losses)} is {support_loss}"
            break
    else:
        value = loss.item()
        if math.isfinite(value):
            return
        found = f"the {'query ' if 'support' in batch else ''}loss is {value}"
    raise ValueError(f"{where}: {found}.\nIt is {describe(batch)}.\n{WAY_OUT}")


def check_gradient(where: str, batches: Iterable[Mapping[str, Any]], norm: float) -> None:
    """
    Refuses the gradient of an accumulation group if its norm is not finite. It is that of all workers.

    # Raises

    `ValueError`
        If it is not; the group's episodes are named, those of all workers.
    """
    if not math.isfinite(norm):
        workers = gather({"episodes": [describe(batch) for batch in batches]})
        episodes = "\n".join(f"- {episode}" for worker in workers for episode in worker["episodes"])
        raise ValueError(
            f"{where}: the norm of the meta-gradient is {norm}, although the losses are finite.\n"
            f"It is the gradient of\n{episodes}\n{WAY_OUT}"
        )


def gradient_norm(parameters: Iterable[Parameter]) -> float:
    """The Euclidean norm of all gradients together."""
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    values = [gradient.coalesce().values() if gradient.is_sparse else gradient for gradient in gradients]
    return euclidean_norm(values)
