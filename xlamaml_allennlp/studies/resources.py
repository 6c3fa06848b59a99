"""What of a machine one step takes."""

import math
from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Resources:
    """
    What a step is given where a cluster deals its machines out; what is `None` is left to where it runs.

    # Parameters

    cpus : `Optional[float]`, optional (default = `None`)
        Cores, more than 0.
    gpus : `Optional[float]`, optional (default = `None`)
        GPUs; below 1 a share of one.
    memory_gb : `Optional[float]`, optional (default = `None`)
        Memory in GB (10^9 bytes), more than 0: what a machine must have left for the step, not a limit.
    """

    cpus: Optional[float] = None
    gpus: Optional[float] = None
    memory_gb: Optional[float] = None

    def over(self, other: "Resources") -> "Resources":
        """These, and the other's where these say nothing."""
        return Resources(
            other.cpus if self.cpus is None else self.cpus,
            other.gpus if self.gpus is None else self.gpus,
            other.memory_gb if self.memory_gb is None else self.memory_gb,
        )


UNSAID = Resources()


def share_of_gpus(gpus: int, among: int) -> float:
    """What each of several steps gets of a machine's GPUs: some of them whole, or of one a part that Ray can count."""
    if gpus >= among or gpus == 0:
        return float(gpus // among)
    # Ray counts ten-thousandths, and a step has its part of one GPU.
    return math.floor(1e4 / math.ceil(among / gpus)) / 1e4
