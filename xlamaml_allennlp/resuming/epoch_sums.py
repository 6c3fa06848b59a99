"""The sums behind an epoch's training losses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional, Self

import torch
from torch import Tensor

from xlamaml_allennlp.gathering import gather


@dataclass
class Trained:
    """
    One batch of the accumulation group that is under way.

    # Parameters

    batch : `Mapping[str, Any]`
        What the data loader yielded.
    loss : `Tensor`
        The loss that was differentiated, detached.
    reg_loss : `Optional[Tensor]`
        The regularization penalty in the loss, if there is one, detached.
    """

    batch: Mapping[str, Any]
    loss: Tensor
    reg_loss: Optional[Tensor] = field(default=None, kw_only=True)

    @classmethod
    def of(cls, batch: Mapping[str, Any], outputs: Mapping[str, Any]) -> Self:
        """What is to be counted of a batch and its outputs."""
        penalty = outputs.get("reg_loss")
        return cls(batch, outputs["loss"].detach(), reg_loss=None if penalty is None else penalty.detach())


@dataclass
class EpochSums:
    """
    Sums over the optimizer steps of one epoch of this worker; a step counts with the mean of its batches.

    Unlike the stock trainer's local variables they survive an interruption. The arithmetic is the stock trainer's.
    """

    steps: int = 0
    sums: dict[str, float] = field(default_factory=dict)

    def trained(self, batch: Mapping[str, Any], outputs: Mapping[str, Any]) -> Trained:
        """What `add` takes of a batch."""
        return Trained.of(batch, outputs)

    def add(self, group: Sequence[Any]) -> None:
        """Counts one accumulation group of what `trained` returned."""
        self.steps += 1
        self.add_to("loss", _sum_of_shares([trained.loss for trained in group]))
        penalties = [trained.reg_loss for trained in group if trained.reg_loss is not None]
        if penalties:
            self.add_to("reg_loss", _sum_of_shares(penalties))

    def add_to(self, name: str, value: float) -> None:
        """Adds to one of the sums."""
        self.sums[name] = self.sums.get(name, 0.0) + value

    def means(self) -> dict[str, float]:
        """The mean losses per step of this worker so far."""
        return {name: total / self.steps for name, total in self.sums.items()}

    def over_workers(self) -> Self:
        """The sum of all workers' sums. Every worker must call it."""
        total = type(self)()
        for state in gather(self.state()):
            total.merge(state)
        return total

    def merge(self, state: dict[str, Any]) -> None:
        """Adds what `state` returned of other sums."""
        self.steps += state["steps"]
        for name, value in state["sums"].items():
            self.add_to(name, value)

    def state(self) -> dict[str, Any]:
        """The sums as plain values."""
        return {"steps": self.steps, "sums": dict(self.sums)}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """The sums that `state` was taken from."""
        sums = cls()
        sums.merge(state)
        return sums


def _sum_of_shares(losses: list[Tensor]) -> float:
    return sum((torch.stack(losses) / len(losses)).tolist())
