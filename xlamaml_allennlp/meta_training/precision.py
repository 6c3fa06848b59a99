"""In which precision the support and query passes are computed."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Optional

import torch
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.adaptation import HessianFreeInnerLoop, InnerLoop

logger = logging.getLogger(__name__)

Passes = Callable[[], AbstractContextManager]
"""Makes the context that one forward pass runs in."""


def passes_in(precision: Optional[str], device: torch.device) -> Passes:
    """
    The context of every support and query pass.

    # Parameters

    precision : `Optional[str]`
        `None` or "float32" for the weights' own precision; "bf16" for bfloat16 autocast, in which weights, gradients
        and the optimizer's state stay float32.
    device : `torch.device`
        Where the passes run.

    # Raises

    `ConfigurationError`
        If the precision is unknown, or the device cannot compute in it.
    """
    if precision in (None, "float32"):
        return nullcontext
    if precision != "bf16":
        raise ConfigurationError(f'trainer.precision is "{precision}"; it must be null, "float32" or "bf16".')
    if device.type == "cuda" and not torch.cuda.is_bf16_supported():
        raise ConfigurationError('trainer.precision is "bf16", which this GPU cannot compute in; set it to "float32".')
    # One context per pass: what it remembers of cast weights ends with it, and estimators change weights in between.
    return partial(torch.autocast, device.type, torch.bfloat16)


def warn_of_lost_differences(precision: Optional[str], inner_loop: InnerLoop, device: torch.device) -> None:
    """Says that finite differences survive neither bfloat16's 8 bits nor TF32's 11, which round the step away."""
    if not isinstance(inner_loop, HessianFreeInnerLoop):
        return
    products = torch.get_float32_matmul_precision()
    if device.type == "cuda" and precision != "bf16" and products != "highest":
        logger.warning(
            'The matrix products of this GPU are in TF32 (torch.get_float32_matmul_precision() is "%s"), which leaves '
            'little of the second-order term that inner_loop "hessian_free" takes from differences of gradients. Call '
            'torch.set_float32_matmul_precision("highest"), or use "exact" or "first_order".',
            products,
        )
    if precision == "bf16":
        logger.warning(
            'trainer.precision "bf16" leaves next to nothing of the second-order term that inner_loop "hessian_free" '
            'takes from differences of gradients (`allennlp meta-check` shows it). Use float32, "exact", which keeps '
            'the term in bfloat16, or "first_order", which costs less and is as good.'
        )
