"""The state of torch's random numbers, so that a pass over the same examples can draw the same dropout masks again."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import Module


@dataclass
class RandomState:
    """The states of the generators that a module's passes draw from: the CPU's, and those of its GPUs."""

    cpu: Tensor
    gpus: dict[torch.device, Tensor]

    @classmethod
    def now(cls, module: Module) -> "RandomState":
        devices = {parameter.device for parameter in module.parameters() if parameter.is_cuda}
        return cls(torch.get_rng_state(), {device: torch.cuda.get_rng_state(device) for device in devices})

    def restore(self) -> None:
        torch.set_rng_state(self.cpu)
        for device, state in self.gpus.items():
            torch.cuda.set_rng_state(state, device)
