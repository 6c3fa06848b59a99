"""What a pass depends on besides weights and examples, so that it can be made again as the same function."""

from dataclasses import dataclass

from torch import Tensor
from torch.nn import Module

from xlamaml_allennlp.adaptation.random_state import RandomState


@dataclass
class PassState:
    """
    The random numbers to be drawn, and the buffers that passes read and change: running means, spectral norms.

    # Parameters

    random : `RandomState`
        The states of the generators.
    buffers : `Dict[str, Tensor]`
        The buffers that passes work on, by name.
    values : `Dict[str, Tensor]`
        What they held.
    """

    random: RandomState
    buffers: dict[str, Tensor]
    values: dict[str, Tensor]

    @classmethod
    def now(cls, module: Module, buffers: dict[str, Tensor]) -> "PassState":
        return cls(RandomState.now(module), buffers, {name: buffer.clone() for name, buffer in buffers.items()})

    def restore(self) -> None:
        self.random.restore()
        # New tensors: a graph that was kept may need the old ones as they are.
        self.buffers.update({name: value.clone() for name, value in self.values.items()})
