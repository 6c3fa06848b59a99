"""How far predictions on translations are apart, as a part of the meta objective."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from allennlp.common import Registrable
from allennlp.common.checks import ConfigurationError
from torch import Tensor

from xlamaml_allennlp.episodes.side import Side
from xlamaml_allennlp.meta_training.losses import SideLoss, SupportLoss
from xlamaml_allennlp.meta_training.outputs import Outputs


class Agreement(Registrable):
    """
    A distance between what the model says of the k-th support and of the k-th query example of a parallel episode.

    # Parameters

    weight : `float`
        How much it counts in the objective beside the query loss, above 0.

    # Raises

    `ConfigurationError`
        If the weight is out of range.
    """

    default_implementation = "symmetric_kl"

    def __init__(self, weight: float) -> None:
        if not 0 < weight < math.inf:
            raise ConfigurationError(
                f"trainer.agreement.weight is {weight}; it must be a finite number above 0. To do without, leave "
                "trainer.agreement out."
            )
        self.weight = float(weight)

    def __call__(self, support: Outputs, query: Outputs) -> Tensor:
        """
        The mean distance over the pairs of an episode.

        # Parameters

        support, query : `Dict[str, Any]`
            What the model returned for the two sets.
        """
        raise NotImplementedError


@Agreement.register("symmetric_kl")
class SymmetricKlAgreement(Agreement):
    """
    The symmetric Kullback-Leibler divergence KL(p_S || p_Q) + KL(p_Q || p_S) of the classes' probabilities.

    XTUNE's example consistency has it for fine-tuning (Zheng et al. 2021), where each of the two terms takes one of its
    distributions for a constant; here both are differentiated, so that the gradient is that of the number.

    For models that return "logits", one row per example. Those of questions return scores of tokens, and the tokens of
    a context are not those of its translation: there it is refused.

    Registered as an `Agreement` with name "symmetric_kl".

    # Parameters

    weight : `float`
        How much it counts in the objective beside the query loss, above 0.

    # Raises

    `ConfigurationError`
        If the weight is out of range, or (in the first episode) the model returns no such logits.
    """

    def __call__(self, support: Outputs, query: Outputs) -> Tensor:
        one, other = (_log_probabilities(outputs) for outputs in (support, query))
        if one.shape != other.shape:
            raise ConfigurationError(
                "trainer.agreement: the model's logits of support and query set differ in shape, "
                f"{tuple(one.shape)} and {tuple(other.shape)}; there has to be one row per example. Leave the key out."
            )
        return ((one.exp() - other.exp()) * (one - other)).sum(-1).mean()


def _log_probabilities(outputs: Outputs) -> Tensor:
    logits = outputs.get("logits")
    if not isinstance(logits, Tensor) or logits.dim() != 2:
        raise ConfigurationError(
            'trainer.agreement "symmetric_kl" compares "logits" of shape (examples, classes), and the model returned '
            f"{', '.join(outputs)}. It is not offered for question answering, whose scores are of tokens, which "
            "translations do not share. Leave the key out."
        )
    # Probabilities of bfloat16 would agree in their few digits.
    return logits.to(torch.promote_types(logits.dtype, torch.float32)).log_softmax(-1)


class AgreeingLoss:
    """
    L_Q + weight * distance(p_S, p_Q), all at the point that the inner loop asks for, which is theta': one pass over the
    support set more. A `BatchLoss` where the sides can be taken apart.

    # Parameters

    support : `SupportLoss`
        The model on the support set.
    query : `SideLoss`
        The model on the query set.
    agreement : `Agreement`
        The distance.
    """

    def __init__(self, support: SupportLoss, query: SideLoss, agreement: Agreement) -> None:
        self._support, self._query, self._agreement = support, query, agreement
        self._number = 0
        # By the number of a part, with its share, as its outputs.
        self._found: dict[int, tuple[float, Tensor]] = {}
        self._share = 1.0

    @classmethod
    def of(
        cls, episode: Mapping[str, Any], support: SupportLoss, query: SideLoss, agreement: Agreement
    ) -> "AgreeingLoss":
        """The loss of an episode, which has to be parallel."""
        check_parallel(episode)
        return cls(support, query, agreement)

    @property
    def size(self) -> int:
        """The number of instances in the query set."""
        return self._query.size

    @property
    def disagreement(self) -> Tensor:
        """The distance that was found last, over the whole episode, without a graph or weight."""
        return torch.stack([share * found for share, found in self._found.values()]).sum()

    def __call__(self, net: Callable[..., Outputs]) -> Tensor:
        query = self._query.evaluate(net)
        distance = self._agreement(self._support.evaluate(net), query)
        self._found[self._number] = self._share, distance.detach()
        return query["loss"] + self._agreement.weight * distance

    def split(self, micro_batch_size: int) -> list[tuple[float, "AgreeingLoss"]]:
        """The losses of parts of at most `micro_batch_size` pairs, each with its share of the whole."""
        queries, supports = self._query.split(micro_batch_size), self._support.split(micro_batch_size, like=self._query)
        parts = []
        for number, ((_, support), (share, query)) in enumerate(zip(supports, queries, strict=True)):
            part = AgreeingLoss(support, query, self._agreement)
            part._number, part._found, part._share = number, self._found, share
            parts.append((share, part))
        return parts


def check_parallel(episode: Mapping[str, Any]) -> None:
    """
    Refuses an episode whose k-th support example is not the translation of the k-th query example, by id.

    # Raises

    `ConfigurationError`
        With what is in its place.
    """
    sides = episode["support"], episode["query"]
    ids = [[tag.id for tag in side.tags] if isinstance(side, Side) else None for side in sides]
    if ids[0] is None or ids[0] != ids[1]:
        shown = " and ".join("unknown" if found is None else ", ".join(found) for found in ids)
        raise ConfigurationError(
            "trainer.agreement compares the k-th support example with the k-th query example, its translation, and the "
            f"ids of support and query set are {shown}. Set data_loader.sampler.parallel to true (or "
            '"where_possible"), with data_loader.type "episodes", or leave trainer.agreement out.'
        )
