"""What an epoch of episodes adds to the sums of its losses: the support loss, and the languages it was made of."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional, Self

import torch
from torch import Tensor

from xlamaml_allennlp.episodes.episode import languages_of_batch
from xlamaml_allennlp.resuming.epoch_sums import EpochSums, Trained


@dataclass
class TrainedEpisode(Trained):
    """
    One batch of the accumulation group that is under way: an episode, or a stock batch.

    # Parameters

    support_loss : `Optional[float]`
        The support loss before the first inner step, if it was an episode.
    disagreement : `Optional[Tensor]`
        How far predictions on translations were apart, if that counts.
    """

    support_loss: Optional[float] = None
    disagreement: Optional[Tensor] = None

    @classmethod
    def of(cls, batch: Mapping[str, Any], outputs: Mapping[str, Any]) -> Self:
        """What is to be counted of a batch and its outputs."""
        trained = super().of(batch, outputs)
        trained.support_loss = outputs.get("support_loss")
        trained.disagreement = outputs.get("disagreement")
        return trained


@dataclass
class EpisodeSums(EpochSums):
    """
    Sums over the meta steps of one epoch of this worker; a meta step counts with the mean of its episodes. Of inner
    rates that change, those after the last of its meta steps.
    """

    episodes: Counter[str] = field(default_factory=Counter)
    last_support_loss: Optional[float] = None
    inner_rates: dict[str, float] = field(default_factory=dict)

    def trained(self, batch: Mapping[str, Any], outputs: Mapping[str, Any]) -> TrainedEpisode:
        """What `add` takes of a batch."""
        return TrainedEpisode.of(batch, outputs)

    def add(self, group: Sequence[TrainedEpisode]) -> None:
        """Counts one accumulation group."""
        super().add(group)
        support_losses = [trained.support_loss for trained in group if trained.support_loss is not None]
        self.last_support_loss = sum(support_losses) / len(support_losses) if support_losses else None
        if self.last_support_loss is not None:
            self.add_to("support_loss", self.last_support_loss)
        disagreements = [trained.disagreement for trained in group if trained.disagreement is not None]
        if disagreements:
            self.add_to("disagreement", torch.stack(disagreements).mean().item())
        self.episodes.update(languages_of_episode(trained.batch) for trained in group)

    def means(self) -> dict[str, float]:
        """The mean losses, and the inner rates by group."""
        rates = {f"inner_lr/{group}" if group else "inner_lr": rate for group, rate in self.inner_rates.items()}
        return {**super().means(), **rates}

    def running(self) -> dict[str, float]:
        """The mean losses so far, and the support loss of the last meta step."""
        last = self.last_support_loss
        return {**super().means(), **({} if last is None else {"batch_support_loss": last})}

    def merge(self, state: dict[str, Any]) -> None:
        """Adds what `state` returned of other sums."""
        super().merge(state)
        self.episodes.update(state["episodes"])
        self.inner_rates = dict(state.get("inner_rates", {}))  # equal on every worker

    def state(self) -> dict[str, Any]:
        """The sums as plain values."""
        return {**super().state(), "episodes": dict(self.episodes), "inner_rates": dict(self.inner_rates)}


def languages_of_episode(batch: Mapping[str, Any]) -> str:
    """The languages of an episode as "en -> hi", those of a stock batch as "hi"."""
    if "support" in batch:
        return f"{_languages(batch['support'])} -> {_languages(batch['query'])}"
    return _languages(batch)


def _languages(side: Mapping[str, Any]) -> str:
    return "+".join(sorted(languages_of_batch(side))) or "unknown languages"
