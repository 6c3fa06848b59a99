"""What stands in for the weight of an embedding during one pass, so that the module's own methods stay as they are."""

from typing import Any, Optional

import torch
from torch import Tensor
from torch.nn.functional import embedding

from xlamaml_allennlp.adaptation.rows import Rows

# What is asked of a weight's form, and depends on none of its numbers.
FORM = frozenset(
    [
        *(getattr(Tensor, name).__get__ for name in ("shape", "dtype", "device", "ndim", "requires_grad")),
        *(Tensor.size, Tensor.dim, Tensor.numel, Tensor.is_floating_point),
    ]
)


class Table:
    """
    The weight of an embedding during one pass. Each lookup gives rows that are leaves of the graph; whatever else the
    model does with it, it does with the whole matrix, which is a leaf as well.

    # Parameters

    weight : `Tensor`
        The matrix. Shape: (height, width)
    shift : `Rows`, optional (default = `None`)
        What is added to it.
    """

    def __init__(self, weight: Tensor, shift: Optional[Rows] = None) -> None:
        self.whole = weight.detach().requires_grad_()
        self.rows: list[tuple[Tensor, Tensor]] = []
        self._shift = shift
        self._moved: Optional[Tensor] = None

    def stand_in(self) -> Tensor:
        """What the module is given for its weight."""
        tensor = self.whole.as_subclass(_StandIn)
        tensor.table = self
        return tensor

    def look_up(self, input: Tensor, padding_idx: Optional[int]) -> Tensor:
        """The rows with these numbers; that of the padding gets no gradient. Shape: (*input.shape, width)"""
        # Shapes: (n,), the shape of input
        ids, places = torch.unique(input.long(), return_inverse=True)
        # Shape: (n, width)
        rows = self.whole.detach()[ids]
        if self._shift is not None:
            rows = rows + self._shift.at(ids)
        rows.requires_grad_()
        self.rows.append((ids, rows))
        if padding_idx is None:
            return embedding(places, rows)
        # Where that of the padding is among them is a number, for which a GPU would have to be waited for.
        is_padding = (ids == padding_idx % len(self.whole)).unsqueeze(1)
        return embedding(places, torch.where(is_padding, rows.detach(), rows))

    def read(self) -> Tensor:
        """The whole matrix."""
        if self._shift is None:
            return self.whole
        if self._moved is None:
            # Once, for who asks where it lies; and with its graph, for who asks first may need no gradient.
            with torch.enable_grad():
                self._moved = self.whole.index_add(0, self._shift.ids, self._shift.values)
        return self._moved

    @property
    def was_missed(self) -> bool:
        """Whether who got hold of the matrix without `read` got wrong numbers."""
        return self._shift is not None and self._moved is None


class _StandIn(Tensor):
    """Hands what torch would do with a weight to its table."""

    table: Table

    @classmethod
    def __torch_function__(cls, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if function in FORM:
            return super().__torch_function__(function, types, args, kwargs)
        if function is embedding:
            return _embedding(*args, **kwargs)
        return function(*_read(args), **_read(kwargs))


def _embedding(input: Tensor, weight: Tensor, padding_idx: Optional[int] = None, **more: Any) -> Tensor:
    does_more = more.get("max_norm") is not None or more.get("scale_grad_by_freq") or more.get("sparse")
    if isinstance(weight, _StandIn) and not does_more:
        return weight.table.look_up(input, padding_idx)
    return embedding(_read(input), _read(weight), padding_idx, **more)


def _read(value: Any) -> Any:
    """The same with whole matrices in the place of their stand-ins."""
    if isinstance(value, _StandIn):
        return value.table.read()
    if isinstance(value, dict):
        return {key: _read(item) for key, item in value.items()}
    return type(value)(map(_read, value)) if type(value) in (list, tuple) else value
