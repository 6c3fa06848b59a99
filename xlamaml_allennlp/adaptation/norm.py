"""The Euclidean norm."""

import math
from collections.abc import Iterable

import torch
from torch import Tensor


def euclidean_norm(tensors: Iterable[Tensor]) -> float:
    """The Euclidean length of all tensors together: on a GPU a few kernels for all of them, and one wait."""
    detached = [tensor.detach() for tensor in tensors]
    if not detached:
        return 0.0
    norms = torch._foreach_norm(detached)
    # Squares as Python's floats: those of a long float32 vector would overflow.
    return math.sqrt(sum(norm**2 for norm in torch.stack([norm.to(norms[0].device) for norm in norms]).tolist()))
