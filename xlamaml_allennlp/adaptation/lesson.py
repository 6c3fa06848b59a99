"""What the support loss teaches by itself, where it counts in the objective."""

from collections.abc import Container, Mapping
from typing import Optional

from torch import Tensor

from xlamaml_allennlp.adaptation.adapted import Adapted
from xlamaml_allennlp.adaptation.network import Network
from xlamaml_allennlp.adaptation.surrogate import loss_with_gradient
from xlamaml_allennlp.adaptation.vector import Part, Vector


class Lesson:
    """
    The support gradient at theta times its weight; of the inner steps' gradients, which come one by one, the first.

    # Parameters

    network : `Network`
        The module.
    weight : `float`
        How much the support loss counts; with 0 nothing is kept.
    """

    def __init__(self, network: Network, weight: float) -> None:
        self._network, self._weight = network, weight
        self._gradient: Optional[Vector] = None

    @property
    def names(self) -> Container[str]:
        """What the next support gradient is taken by: at theta what does not adapt is taught, too."""
        return self._network.trainable if self._weight and self._gradient is None else self._network.adapted

    def learn(self, gradient: Mapping[str, Part]) -> None:
        """Takes in a step's gradient, and shares nothing with it."""
        if self._weight and self._gradient is None:
            self._gradient = Vector().add_(gradient, self._weight)

    def outcome(
        self, query_loss: Tensor, vector: Vector, support_losses: list[float], alignment: Optional[Tensor] = None
    ) -> Adapted:
        """The objective with its gradient: `vector` is that of the query loss, and is taken over."""
        if self._gradient is not None:
            query_loss = query_loss + self._weight * support_losses[0]
            vector.add_(self._gradient, 1.0)
        loss = loss_with_gradient(query_loss, self._network.trainable, vector)
        return Adapted(loss, support_losses, alignment, self._weight)
