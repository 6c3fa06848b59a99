"""What several workers tell each other where all of them go the same way: when they meet, not when they are asked."""

import torch
import torch.distributed as dist
from allennlp.common.util import is_distributed


def first_worker_says(decision: bool, device: torch.device) -> bool:
    """What the first worker decided. All workers must call it, with the device that they compute on."""
    decided = torch.tensor(int(decision), device=device)
    dist.broadcast(decided, src=0)
    return bool(decided.item())


def rank() -> int:
    """The rank of this worker among all workers of all nodes."""
    return dist.get_rank() if is_distributed() else 0


def count() -> int:
    """The number of workers of all nodes."""
    return dist.get_world_size() if is_distributed() else 1
