"""The sums behind an epoch's training losses, and which languages its episodes were made of."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Optional

import torch
from torch import Tensor

from xlamaml_allennlp.episodes.episode import languages_of_batch
from xlamaml_allennlp.meta_training.distributed import gather


@dataclass
class Trained:
    """
    One batch of the accumulation group that is under way.

    # Parameters

    batch : `Mapping[str, Any]`
        What the data loader yielded: an episode, or a stock batch.
    loss : `Tensor`
        The loss that was differentiated, detached.
    support_loss : `Optional[float]`
        The support loss before the first inner step, if it was an episode.
    reg_loss : `Optional[Tensor]`
        The regularization penalty in the loss, if there is one, detached.
    """

    batch: Mapping[str, Any]
    loss: Tensor
    support_loss: Optional[float] = None
    reg_loss: Optional[Tensor] = None

    @classmethod
    def of(cls, batch: Mapping[str, Any], outputs: Mapping[str, Any]) -> "Trained":
        """What is to be counted of a batch and its outputs."""
        penalty = outputs.get("reg_loss")
        loss = outputs["loss"].detach()
        return cls(batch, loss, outputs.get("support_loss"), None if penalty is None else penalty.detach())


@dataclass
class Tally:
    """
    Sums over the meta steps of one epoch of this worker; a meta step counts with the mean of its episodes.

    Unlike the stock trainer's local variables they survive an interruption. The arithmetic is the stock trainer's.
    """

    steps: int = 0
    sums: dict[str, float] = field(default_factory=dict)
    episodes: Counter[str] = field(default_factory=Counter)
    last_support_loss: Optional[float] = None

    def add(self, group: list[Trained]) -> None:
        """Counts one accumulation group."""
        self.steps += 1
        self._add("loss", _sum_of_shares([trained.loss for trained in group]))
        penalties = [trained.reg_loss for trained in group if trained.reg_loss is not None]
        if penalties:
            self._add("reg_loss", _sum_of_shares(penalties))
        support_losses = [trained.support_loss for trained in group if trained.support_loss is not None]
        self.last_support_loss = sum(support_losses) / len(support_losses) if support_losses else None
        if self.last_support_loss is not None:
            self._add("support_loss", self.last_support_loss)
        self.episodes.update(languages_of_episode(trained.batch) for trained in group)

    def means(self) -> dict[str, float]:
        """The mean losses per meta step of this worker so far."""
        return {name: total / self.steps for name, total in self.sums.items()}

    def running(self) -> dict[str, float]:
        """The mean losses so far, and the support loss of the last meta step."""
        last = self.last_support_loss
        return {**self.means(), **({} if last is None else {"batch_support_loss": last})}

    def over_workers(self) -> "Tally":
        """The sum of all workers' tallies. Every worker must call it."""
        total = Tally()
        for state in gather(self.state()):
            total.steps += state["steps"]
            total.episodes.update(state["episodes"])
            for name, value in state["sums"].items():
                total._add(name, value)
        return total

    def state(self) -> dict[str, Any]:
        """The tally as plain values."""
        return {"steps": self.steps, "sums": dict(self.sums), "episodes": dict(self.episodes)}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "Tally":
        """The tally that `state` was taken from."""
        return cls(state["steps"], dict(state["sums"]), Counter(state["episodes"]))

    def _add(self, name: str, value: float) -> None:
        self.sums[name] = self.sums.get(name, 0.0) + value


def languages_of_episode(batch: Mapping[str, Any]) -> str:
    """The languages of an episode as "en -> hi", those of a stock batch as "hi"."""
    if "support" in batch:
        return f"{_languages(batch['support'])} -> {_languages(batch['query'])}"
    return _languages(batch)


def _languages(side: Mapping[str, Any]) -> str:
    return "+".join(sorted(languages_of_batch(side))) or "unknown languages"


def _sum_of_shares(losses: list[Tensor]) -> float:
    return sum((torch.stack(losses) / len(losses)).tolist())
