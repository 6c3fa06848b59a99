"""
Word-embedding rows: an episode touches well under 1 % of the rows of a multilingual vocabulary.

During a pass the embedding looks its rows up in a small matrix of those rows that the batch touches, gathered there and
then. The ids are remapped inside the embedding, never in the batch: XLM-R derives positions from them.
"""

from dataclasses import dataclass
from typing import Optional

import torch
from torch import Tensor
from torch.nn import Embedding, Module
from torch.nn.functional import embedding as look_up


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

    def times(self, factor: float) -> "Rows":
        return Rows(self.ids, self.values * factor, self.height)

    def dense(self) -> Tensor:
        """The whole matrix. Shape: (height, width)"""
        whole = self.values.new_zeros(self.height, self.values.size(1))
        return whole.index_copy_(0, self.ids, self.values)


class RowLookup:
    """
    Stands in for the `forward` of an embedding during one pass, and remembers which rows were looked up.

    # Parameters

    embedding : `Embedding`
        The embedding at theta.
    shift : `Rows`, optional (default = `None`)
        What is added to its weight, where the pass is not made at theta.
    """

    def __init__(self, embedding: Embedding, shift: Optional[Rows] = None) -> None:
        self._embedding = embedding
        self._shift = shift
        self.ids: list[Tensor] = []
        self.leaves: list[Tensor] = []

    def __call__(self, input: Tensor) -> Tensor:
        # Shapes: (n,), the shape of input
        ids, places = torch.unique(input, return_inverse=True)
        # Shape: (n, width)
        rows = self._embedding.weight.detach()[ids]
        if self._shift is not None:
            rows = rows + self._shift.at(ids)
        rows.requires_grad_()
        self.ids.append(ids)
        self.leaves.append(rows)
        return look_up(places, rows, padding_idx=self._padding_place(ids))

    def _padding_place(self, ids: Tensor) -> Optional[int]:
        """Where the padding row, which gets no gradient, is among these rows."""
        if self._embedding.padding_idx is None:
            return None
        places = (ids == self._embedding.padding_idx).nonzero()
        return int(places[0]) if len(places) else None


def embedding_tables(module: Module) -> tuple[dict[str, Embedding], dict[str, list[str]]]:
    """
    The embeddings of a module that look rows up and do nothing else, by the name of their weight.

    # Returns

    `Tuple[Dict[str, Embedding], Dict[str, List[str]]]`
        Those that can work on touched rows; and the weights that other modules use too (output embeddings, say), with
        the names that they have there.
    """
    owners: dict[int, list[str]] = {}
    for owner, submodule in module.named_modules():
        for name, parameter in submodule._parameters.items():
            owners.setdefault(id(parameter), []).append(f"{owner}.{name}".lstrip("."))
    tables, tied = {}, {}
    for owner, submodule in module.named_modules():
        if not _looks_up_plainly(submodule):
            continue
        name = f"{owner}.weight".lstrip(".")
        others = [other for other in owners[id(submodule.weight)] if other != name]
        if others:
            tied[name] = others
        else:
            tables[name] = submodule
    return tables, tied


def _looks_up_plainly(module: Module) -> bool:
    """Whether this is a trainable embedding whose output is nothing but rows of its weight."""
    return (
        isinstance(module, Embedding)
        and type(module).forward is Embedding.forward
        and "forward" not in module.__dict__
        and module._parameters.get("weight") is not None
        and module.weight.requires_grad
        and module.max_norm is None
        and not module.scale_grad_by_freq
        and not module.sparse
    )
