"""Who computes the meta-gradient: the project's estimators, and two peers as their users would write them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Optional

import higher
import torch
from allennlp.common import Params
from torch.nn import Module

from benchmarks.meta_step_sizes import Batch, Case, Size
from xlamaml_allennlp.adaptation import InnerLoop

LR = 1e-5
Step = Callable[[Module, Batch, Batch, int], None]


def plain_higher(module: Module, support: Batch, query: Batch, num_steps: int) -> None:
    """MAML as in the README of `higher`."""
    optimizer = torch.optim.SGD(module.parameters(), lr=LR)
    with higher.innerloop_ctx(module, optimizer, copy_initial_weights=False) as (functional, inner):
        for _ in range(num_steps):
            inner.step(support(functional))
        query(functional).backward()


def plain_torchopt(module: Module, support: Batch, query: Batch, num_steps: int) -> None:
    """MAML as in the tutorial of TorchOpt: differentiable SGD on the module itself, then back to the state before."""
    import torchopt

    inner = torchopt.MetaSGD(module, lr=LR)
    before = torchopt.extract_state_dict(module, by="reference", detach_buffers=True)
    for _ in range(num_steps):
        inner.step(support(module))
    loss = query(module)
    torchopt.recover_state_dict(module, before)
    loss.backward()


def ours(keys: dict[str, Any]) -> Step:
    """One of the project's estimators, as the trainer calls it."""

    def step(module: Module, support: Batch, query: Batch, num_steps: int) -> None:
        inner_loop = InnerLoop.from_params(Params({**keys, "lr": LR, "num_steps": num_steps}))
        inner_loop(module, support, query).loss.backward()

    return step


@dataclass(frozen=True)
class Contender:
    """
    One row of the table.

    # Parameters

    name : `str`
        What the row is called.
    keys : `Dict[str, Any]`
        The `inner_loop` of a config; empty for a peer.
    peer : `Step`, optional (default = `None`)
        A peer's meta step.
    bf16 : `bool`, optional (default = `False`)
        Whether passes run under bfloat16 autocast.
    """

    name: str
    keys: dict[str, Any] = field(default_factory=dict)
    peer: Optional[Step] = None
    bf16: bool = False

    @property
    def step(self) -> Step:
        return self.peer or ours(self.keys)

    def operations(self, case: Case, size: Size) -> float:
        """
        Operations in the matrix products that this way to the meta-gradient cannot do without.

        In forward passes over a set, a gradient costs 3; differentiated once more, 9, or 12 with the pass made again.
        """
        kind = self.keys.get("type", "higher")
        again = kind == "exact" and self.keys.get("micro_batch_size") is not None
        central = self.keys.get("scheme") == "central"
        support = {"first_order": 3, "hessian_free": 9 if central else 6}.get(kind, 12 if again else 9)
        return case.num_steps * support * case.forward_operations(size, case.support) + 3 * case.forward_operations(
            size, case.query
        )


CONTENDERS = [
    Contender("plain script on higher", peer=plain_higher),
    Contender("plain script on higher, bf16", peer=plain_higher, bf16=True),
    Contender("TorchOpt", peer=plain_torchopt),
    Contender("higher", {"type": "higher"}),
    Contender("exact", {"type": "exact"}),
    Contender("exact, micro-batches of 4", {"type": "exact", "micro_batch_size": 4}),
    Contender("exact, micro-batches of 2", {"type": "exact", "micro_batch_size": 2}),
    Contender("exact, micro-batches of 1", {"type": "exact", "micro_batch_size": 1}),
    Contender("exact, bf16", {"type": "exact"}, bf16=True),
    Contender("hessian_free", {"type": "hessian_free"}),
    Contender("hessian_free, micro-batches of 4", {"type": "hessian_free", "micro_batch_size": 4}),
    Contender("hessian_free, central", {"type": "hessian_free", "scheme": "central"}),
    Contender("hessian_free, bf16", {"type": "hessian_free"}, bf16=True),
    Contender("first_order", {"type": "first_order"}),
    Contender("first_order, bf16", {"type": "first_order"}, bf16=True),
    Contender("first_order, micro-batches of 4", {"type": "first_order", "micro_batch_size": 4}),
    Contender("first_order, micro-batches of 2", {"type": "first_order", "micro_batch_size": 2}),
]
REFERENCE = CONTENDERS[0].name
