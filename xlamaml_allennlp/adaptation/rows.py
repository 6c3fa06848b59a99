"""
Word-embedding rows: an episode touches well under 1 % of the rows of a multilingual vocabulary.

During a pass the embedding looks its rows up in a small matrix of those rows that the batch touches, gathered there and
then. The ids are remapped inside the embedding, never in the batch: XLM-R derives positions from them.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import Embedding, Module

SMALLEST_TABLE = 2**20
"""
Entries of the smallest embedding of which only the touched rows are worth looking for: to know how many there are a GPU
is waited for in every pass. Tables of positions and of token types have fewer, those of words more.
"""


@dataclass
class Rows:
    """
    A matrix that is zero outside a few rows.

    # Parameters

    ids : `Tensor`
        The rows' numbers, sorted, each once. Shape: (n,)
    values : `Tensor`
        The rows. Shape: (n, width)
    height : `int`
        The number of rows of the whole matrix.
    """

    ids: Tensor
    values: Tensor
    height: int

    @classmethod
    def collected(cls, ids: list[Tensor], values: list[Tensor], height: int) -> "Rows":
        """The sum of several sets of rows."""
        if len(ids) == 1:
            return cls(ids[0], values[0], height)
        merged, places = torch.unique(torch.cat(ids), return_inverse=True)
        total = values[0].new_zeros(len(merged), values[0].size(1))
        return cls(merged, total.index_add_(0, places, torch.cat(values)), height)

    def at(self, ids: Tensor) -> Tensor:
        """The rows with these numbers, which may be zero. Shape: (len(ids), width)"""
        place = torch.searchsorted(self.ids, ids).clamp_(max=max(len(self.ids) - 1, 0))
        if not len(self.ids):
            return self.values.new_zeros(len(ids), self.values.size(1))
        return self.values[place] * (self.ids[place] == ids).unsqueeze(1)

    def plus(self, other: "Rows", alpha: float) -> "Rows":
        """self + alpha * other."""
        return Rows.collected([self.ids, other.ids], [self.values, other.values * alpha], self.height)

    def __mul__(self, factor: float) -> "Rows":
        return Rows(self.ids, self.values * factor, self.height)

    def dense(self) -> Tensor:
        """The whole matrix. Shape: (height, width)"""
        whole = self.values.new_zeros(self.height, self.values.size(1))
        return whole.index_copy_(0, self.ids, self.values)


def embedding_tables(module: Module) -> tuple[list[str], dict[str, list[str]]]:
    """
    The embeddings of a module that can work on touched rows, and are large enough to gain by it.

    # Returns

    `Tuple[List[str], Dict[str, List[str]]]`
        The names of their weights; and the weights that other modules use too (output embeddings, say), with the names
        that they have there.
    """
    owners: dict[int, list[str]] = {}
    for owner, submodule in module.named_modules():
        for name, parameter in submodule._parameters.items():
            owners.setdefault(id(parameter), []).append(f"{owner}.{name}".lstrip("."))
    tables, tied = [], {}
    for owner, submodule in module.named_modules():
        if not _looks_up_plainly(submodule):
            continue
        name = f"{owner}.weight".lstrip(".")
        others = [other for other in owners[id(submodule.weight)] if other != name]
        if others:
            tied[name] = others
        else:
            tables.append(name)
    return tables, tied


def _looks_up_plainly(module: Module) -> bool:
    """Whether this is a large trainable embedding that does no more to its weight than look rows up."""
    return (
        isinstance(module, Embedding)
        and module._parameters.get("weight") is not None
        and module.weight.requires_grad
        and module.weight.numel() >= SMALLEST_TABLE
        and module.max_norm is None
        and not module.scale_grad_by_freq
        and not module.sparse
    )
