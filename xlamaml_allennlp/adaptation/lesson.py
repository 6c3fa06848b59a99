"""What the support loss teaches by itself, where it counts in the objective."""

from collections.abc import Container, Mapping
from typing import Optional

from torch import Tensor

from xlamaml_allennlp.adaptation.adapted import Adapted
from xlamaml_allennlp.adaptation.learned_rates import LearnedRates
from xlamaml_allennlp.adaptation.network import Network
from xlamaml_allennlp.adaptation.stride import Stride
from xlamaml_allennlp.adaptation.surrogate import loss_with_gradient
from xlamaml_allennlp.adaptation.vector import Part, Vector

# Beside the names of parameters, none of which has a space.
RATES = "learned rates"


class Lesson:
    """
    The support gradient at theta times its weight; of the inner steps' gradients, which come one by one, the first. And
    the gradient of the rates that are learned, to which every step adds.

    # Parameters

    network : `Network`
        The module.
    weight : `float`
        How much the support loss counts; with 0 nothing is kept.
    rates : `LearnedRates`, optional (default = `None`)
        The rates that are learned.
    """

    def __init__(self, network: Network, weight: float, rates: Optional[LearnedRates] = None) -> None:
        self._network, self._weight, self._rates = network, weight, rates
        self._gradient: Optional[Vector] = None
        self._of_rates: Optional[Tensor] = None
        self.strides: list[Stride] = []

    @property
    def names(self) -> Container[str]:
        """What the next support gradient is taken by: at theta what does not adapt is taught, too."""
        return self._network.trainable if self._weight and self._gradient is None else self._network.adapted

    def learn(self, gradient: Mapping[str, Part]) -> None:
        """Takes in a step's gradient, and shares nothing with it."""
        if self._weight and self._gradient is None:
            self._gradient = Vector().add_(gradient, self._weight)

    def keep(self, stride: Stride) -> None:
        """Keeps a step for `rate`, if rates are learned; or else nobody needs the gradient that it may hold."""
        if self._rates is not None:
            self.strides.append(stride)

    def rate(self, stride: Stride, vector: Vector) -> None:
        """Takes in what a step's rates were worth; `vector` is the gradient of the query loss where the step led."""
        worth = stride.worth(vector)
        if worth is not None:
            self._of_rates = worth if self._of_rates is None else self._of_rates + worth

    def outcome(
        self, query_loss: Tensor, vector: Vector, support_losses: list[float], alignment: Optional[Tensor] = None
    ) -> Adapted:
        """The objective with its gradient: `vector` is that of the query loss, and is taken over."""
        if self._gradient is not None:
            query_loss = query_loss + self._weight * support_losses[0]
            vector.add_(self._gradient, 1.0)
        learning = dict(self._network.trainable)
        if self._rates is not None and self._of_rates is not None:
            learning[RATES] = self._rates.logarithms
            vector.add_({RATES: self._of_rates}, 1.0)
        loss = loss_with_gradient(query_loss, learning, vector)
        return Adapted(loss, support_losses, alignment, self._weight)
