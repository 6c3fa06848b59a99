"""What the workers of a run hold, gathered through the memory of their machines and not of their GPUs."""

from typing import Any, Optional

import torch.distributed as dist

# The group of all workers, and the one of the same workers that talks from CPU to CPU.
_beside: Optional[tuple[Any, Any]] = None


def gather(held: Any) -> list[Any]:
    """
    What each worker holds, in the order of their ranks; what this process holds where it is alone. All workers must
    call it, and whatever `pickle` takes may be held.

    NCCL would copy the pickled bytes to a GPU and back, and hold there, on every worker, as many of the longest as
    there are workers.
    """
    if not (dist.is_available() and dist.is_initialized()):
        return [held]
    all_held: list[Any] = [None] * dist.get_world_size()
    dist.all_gather_object(all_held, held, group=_from_cpu_to_cpu())
    return all_held


def _from_cpu_to_cpu() -> Optional[Any]:
    """The group for objects; `None` for the group of all workers, where that one needs no GPU."""
    global _beside
    if dist.get_backend() != "nccl":
        return None
    workers = dist.group.WORLD
    if _beside is None or _beside[0] is not workers:
        _beside = workers, dist.new_group(backend="gloo")
    return _beside[1]
