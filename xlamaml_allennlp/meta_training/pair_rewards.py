"""What came of the pairs of languages of a meta step, told to whoever chooses them."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Optional

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.training.callbacks import TrainerCallback

from xlamaml_allennlp.episodes.bandit import Bandit
from xlamaml_allennlp.gathering import gather
from xlamaml_allennlp.provenance.ledger_callback import cosine_of

logger = logging.getLogger(__name__)


class PairRewards(TrainerCallback):
    """
    Tells a bandit what came of the episodes of a meta step, those of all workers in the order of their stream: so each
    worker's own bandit learns the same.

    The `meta` trainer adds it ahead of all others where the data loader's plan of languages has a bandit. What that
    learns is in the checkpoints, with the data loader's place in its stream.

    # Parameters

    serialization_dir : `str`
        The run's folder.
    bandit : `Bandit`
        Who chooses.
    """

    def __init__(self, serialization_dir: str, bandit: Bandit) -> None:
        super().__init__(serialization_dir)
        self._bandit = bandit

    @classmethod
    def of(cls, trainer: Any) -> list[TrainerCallback]:
        """
        The callbacks that a trainer needs: one, or none where nothing chooses by what came of episodes.

        # Raises

        `ConfigurationError`
            If the inner loop cannot tell what the bandit is to learn from, or validation has a bandit.
        """
        if _bandit_of(trainer._validation_data_loader) is not None:
            raise ConfigurationError(
                "validation_data_loader.languages chooses pairs by what came of earlier episodes, and judging "
                'teaches it nothing. Take the languages "cross_lingual" there.'
            )
        bandit = _bandit_of(trainer.data_loader)
        if bandit is None:
            return []
        if bandit.signal == "alignment":
            if not trainer.inner_loop.holds_both:
                raise ConfigurationError(
                    'data_loader.languages.reward is "alignment", and this inner_loop does not hold support and query '
                    'gradient at once. Take "exact" without micro_batch_size, or "hessian_free" with its scheme '
                    '"forward", with a step or more, or the reward "query_loss".'
                )
            trainer.inner_loop.aligns = True
        return [cls(trainer._serialization_dir, bandit)]

    def on_batch(  # type: ignore[override]
        self,
        trainer: Any,
        batch_inputs: list[Any],
        batch_outputs: list[dict[str, Any]],
        *args: Any,
        is_training: bool,
        **kwargs: Any,
    ) -> None:
        if is_training:
            workers = gather({"signals": SIGNALS[self._bandit.signal](batch_outputs)})
            rounds = zip(*(worker["signals"] for worker in workers), strict=True)
            self._bandit.learn([signal for each in rounds for signal in each])

    def on_epoch(
        self, trainer: Any, metrics: dict[str, Any], epoch: int, is_primary: bool = True, **kwargs: Any
    ) -> None:
        if is_primary:
            chances = zip(self._bandit.arms, self._bandit.probabilities(), strict=True)
            told = ", ".join(f"{arm}: {probability:.3f}" for arm, probability in chances)
            logger.info("Epoch %d: probabilities of the pairs (support -> query): %s", epoch, told)


def _bandit_of(data_loader: Any) -> Optional[Bandit]:
    return getattr(getattr(data_loader, "plan", None), "bandit", None)


def _alignments(outputs: Sequence[Mapping[str, Any]]) -> list[float]:
    """The cosine of support and query gradient of each episode; 0 where one of the two is."""
    products = torch.stack([each["alignment"] for each in outputs]).tolist()
    return [cosine_of(*each) or 0.0 for each in products]


def _query_losses(outputs: Sequence[Mapping[str, Any]]) -> list[float]:
    return torch.stack([each["query_loss"].detach() for each in outputs]).tolist()


# By what `languages.reward` says.
SIGNALS: dict[str, Callable[[Sequence[Mapping[str, Any]]], list[float]]] = {
    "alignment": _alignments,
    "query_loss": _query_losses,
}
