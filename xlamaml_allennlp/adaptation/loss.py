"""What the inner loop is given to learn from: losses as functions of a network."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

from allennlp.common.checks import ConfigurationError
from torch import Tensor

Net = Callable[..., Any]
"""Something that is called like the module: the module itself, or a view of it with other weights."""

Loss = Callable[[Net], Tensor]
"""A scalar loss as a function of a network: `lambda net: net(**batch)["loss"]`."""


@runtime_checkable
class BatchLoss(Protocol):
    """
    A `Loss` that is a mean over examples and can be taken apart: what micro-batches need.

    `size` is the number of examples. `split(n)` gives the losses of parts of at most n examples, each with its weight
    in the whole (examples in the part / `size`), so that `loss(net) == sum(w * part(net) for w, part in split(n))`
    where the network treats every example alike.
    """

    @property
    def size(self) -> int: ...

    def __call__(self, net: Net) -> Tensor: ...

    def split(self, micro_batch_size: int) -> Sequence[tuple[float, Loss]]: ...


def parts(loss: Loss, micro_batch_size: "int | None") -> list[tuple[float, Loss]]:
    """
    The weighted parts of a loss: the whole with weight 1, or its micro-batches.

    # Raises

    `ConfigurationError`
        If micro-batches are asked for and the loss cannot be split.
    """
    if micro_batch_size is None:
        return [(1.0, loss)]
    if not isinstance(loss, BatchLoss):
        raise ConfigurationError(
            f"inner_loop.micro_batch_size is {micro_batch_size}, but this loss cannot be taken apart: it has no "
            "`size` and `split` (see adaptation/loss.py). Set micro_batch_size to null, or pass a BatchLoss."
        )
    if loss.size <= micro_batch_size:
        return [(1.0, loss)]
    return list(loss.split(micro_batch_size))
