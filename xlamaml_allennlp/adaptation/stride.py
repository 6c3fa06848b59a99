"""One inner step: how far along the support gradient it goes, and what its derivative is."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Optional

import torch
from torch import Tensor

from xlamaml_allennlp.adaptation.alignment import product
from xlamaml_allennlp.adaptation.learned_rates import LearnedRates
from xlamaml_allennlp.adaptation.vector import Part, Vector


@dataclass
class Stride:
    """
    An inner step, theta_{t+1} = theta_t + factor * g with g = grad L_S(theta_t).

    A step of fixed length has factor = +-lr / |g|, which depends on theta_t too, so that its derivative is
    I + factor * (I - u u^T) H with u = g / |g|: what only lengthens g changes nothing.

    # Parameters

    factor : `float`
        What the gradient is multiplied by.
    gradient : `Optional[Mapping[str, Part]]`, optional (default = `None`)
        g, of a step of fixed length; else the derivative does not need it.
    """

    factor: float
    gradient: Optional[Mapping[str, Part]] = None

    def along(self, gradient: Mapping[str, Part]) -> Mapping[str, Part]:
        """What the step goes along, `factor` times: the support gradient."""
        return gradient

    def worth(self, vector: Vector) -> Optional[Tensor]:
        """The gradient of the rates that are learned, given that of the query loss where the step led."""
        return None

    def seen_of(self, vector: Vector, names: Container[str]) -> Mapping[str, Part]:
        """
        What of a vector the Hessian is to be multiplied by: (I - u u^T) v for a step of fixed length, else v.

        # Parameters

        vector : `Vector`
            v, which stays as it is.
        names : `Container[str]`
            The parameters that adapt; the others are left out or as they are.
        """
        if self.gradient is None:
            return vector
        along = {name: part for name, part in self.gradient.items() if name in names}
        square = product(along, along, names).item()
        seen = Vector().add_({name: part for name, part in vector.items() if name in names}, 1.0)
        return seen.add_(along, -product(along, vector, names).item() / square) if square else seen


class RatedStride(Stride):
    """
    An inner step with learned rates, theta_{t+1} = theta_t + factor * D g, where D multiplies each group by exp(s_g).

    Its derivative is I + factor * D H, and by s_g it is factor * (D g)_g.

    # Parameters

    factor : `float`
        As of any step.
    scaled : `Vector`
        D g, as far as it adapts.
    rates : `LearnedRates`
        Of whom D is.
    """

    def __init__(self, factor: float, scaled: Vector, rates: LearnedRates) -> None:
        super().__init__(factor)
        self._scaled, self._rates = scaled, rates

    def along(self, gradient: Mapping[str, Part]) -> Mapping[str, Part]:
        return self._scaled

    def worth(self, vector: Vector) -> Optional[Tensor]:
        products = [product(self._scaled, vector, own) for own in self._rates.members]
        return self.factor * torch.stack([each.to(self._rates.logarithms) for each in products])

    def seen_of(self, vector: Vector, names: Container[str]) -> Mapping[str, Part]:
        return self._rates.scaled(vector, names)
