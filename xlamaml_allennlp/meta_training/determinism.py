"""Kernels that give the same bits in every run, where torch would take faster ones that do not."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch
from allennlp.common.checks import ConfigurationError

WORKSPACE = "CUBLAS_WORKSPACE_CONFIG"
FIXED = (":4096:8", ":16:8")
"""The workspaces with which cuBLAS repeats its sums, and with which torch lets it."""


def kernels(deterministic: bool, device: torch.device) -> Callable[[], AbstractContextManager]:
    """
    Makes the context that a run trains in.

    # Parameters

    deterministic : `bool`
        Whether to take only kernels that repeat, for the whole process; an operation without one raises torch's
        `RuntimeError`, which names it. Otherwise everything stays as it is.
    device : `torch.device`
        Where the run trains.

    # Raises

    `ConfigurationError`
        If cuBLAS is to be used and may not repeat.
    """
    if not deterministic:
        return nullcontext
    if device.type == "cuda" and os.environ.get(WORKSPACE) not in FIXED:
        raise ConfigurationError(
            f'trainer.deterministic is true, and {WORKSPACE} is "{os.environ.get(WORKSPACE, "")}": the matrix products '
            f"of this GPU need not repeat then. Start with {WORKSPACE}={FIXED[0]} in the environment (or {FIXED[1]}, "
            "with less memory and speed), or set deterministic to false."
        )
    return deterministic_kernels


@contextmanager
def deterministic_kernels() -> Iterator[None]:
    """
    A context in which torch takes deterministic kernels only; afterwards it is as it was.

    Of fused attention torch then takes kernels whose gradients repeat (of cuDNN none), and it sorts what it would add
    up in the order of arrival: rows of embeddings, `index_add_`. cuDNN may not choose by a race among its algorithms.
    """
    cudnn = torch.backends.cudnn
    before = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    chosen = cudnn.deterministic, cudnn.benchmark
    torch.use_deterministic_algorithms(True)
    cudnn.deterministic, cudnn.benchmark = True, False
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before[0], warn_only=before[1])
        cudnn.deterministic, cudnn.benchmark = chosen
