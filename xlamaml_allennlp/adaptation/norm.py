"""The Euclidean norm."""

import math
from collections.abc import Iterable

import torch
from torch import Tensor


def euclidean_norm(tensors: Iterable[Tensor]) -> float:
    """The Euclidean length of all tensors together: one pass over them, one wait for the device."""
    norms = [tensor.detach().norm() for tensor in tensors]
    if not norms:
        return 0.0
    # Squares as Python's floats: those of a long float32 vector would overflow.
    return math.sqrt(sum(norm**2 for norm in torch.stack([norm.to(norms[0].device) for norm in norms]).tolist()))
