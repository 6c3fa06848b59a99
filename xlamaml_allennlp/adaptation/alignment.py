"""How far the support gradient and the query gradient of one episode point the same way."""

from collections.abc import Container, Mapping

import torch
from torch import Tensor

from xlamaml_allennlp.adaptation.rows import Rows
from xlamaml_allennlp.adaptation.vector import Part


def alignment(support: Mapping[str, Part], query: Mapping[str, Part], names: Container[str]) -> Tensor:
    """
    The products <s, s>, <s, q> and <q, q> of two vectors, of which the lengths and the angle are made. They stay on the
    device, and nobody waits for them. Shape: (3,)

    # Parameters

    support, query : `Mapping[str, Union[Tensor, Rows]]`
        The gradients.
    names : `Container[str]`
        The parameters that count; one that only one of the vectors has is zero in the other.
    """
    products: tuple[list[Tensor], ...] = ([], [], [])
    for name in {**support, **query}:
        if name in names:
            # All three of one parameter, while the processor still has it at hand.
            for found, one, other in zip(products, (support, support, query), (support, query, query), strict=True):
                if name in one and name in other:
                    found.append(_product(one[name], other[name]))
    return torch.stack([_sum(found) for found in products])


def product(one: Mapping[str, Part], other: Mapping[str, Part], names: Container[str]) -> Tensor:
    """
    The inner product of two vectors, on the device. Shape: ()

    # Parameters

    one, other : `Mapping[str, Union[Tensor, Rows]]`
        The vectors.
    names : `Container[str]`
        The parameters that count.
    """
    return _sum([_product(part, other[name]) for name, part in one.items() if name in names and name in other])


def _product(one: Part, other: Part) -> Tensor:
    if isinstance(one, Rows):
        other = other.at(one.ids) if isinstance(other, Rows) else other[one.ids]
        one = one.values
    elif isinstance(other, Rows):
        one, other = one[other.ids], other.values
    return torch.dot(one.reshape(-1), other.reshape(-1))


def _sum(products: list[Tensor]) -> Tensor:
    # Parameters may lie on several devices, in several precisions.
    wide = [product.to(torch.promote_types(product.dtype, torch.float32)) for product in products]
    return torch.stack([product.to(wide[0]) for product in wide]).sum() if wide else torch.zeros(())
