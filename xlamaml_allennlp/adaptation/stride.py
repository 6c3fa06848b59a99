"""One inner step: how far along the support gradient it goes, and what its derivative is."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Optional

from xlamaml_allennlp.adaptation.alignment import product
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
