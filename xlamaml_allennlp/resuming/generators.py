"""The generators of random numbers, with states that `torch.load` reads without trusting the file."""

import random
from collections.abc import Callable
from typing import Any

import numpy
import torch


def _numpys() -> tuple[Any, ...]:
    state: Any = numpy.random.get_state()
    kind, keys, position, has_gauss, cached = state
    return str(kind), keys.tolist(), int(position), int(has_gauss), float(cached)


def _restore_numpys(state: Any) -> None:
    kind, keys, *rest = state
    numpy.random.set_state((kind, numpy.array(keys, dtype=numpy.uint32), *rest))


def _restore_pythons(state: Any) -> None:
    version, internal, gauss = state
    random.setstate((version, tuple(internal), gauss))


def _restore_torchs(state: Any) -> None:
    torch.set_rng_state(state.cpu())


GENERATORS: dict[str, tuple[Callable[[], Any], Callable[[Any], None]]] = {
    "python": (random.getstate, _restore_pythons),
    "numpy": (_numpys, _restore_numpys),
    "torch": (torch.get_rng_state, _restore_torchs),
}
"""The generators that data loaders draw from: how the state of each is read, and set."""


def seed_apart(rank: int) -> None:
    """
    Seeds torch's generators of a worker by its rank, so that it draws other dropout masks than the workers beside it,
    which AllenNLP has seeded all alike. The first one's stay as they are.
    """
    if rank:
        torch.manual_seed((torch.initial_seed() + rank) % 2**63)


def read_generators(device: torch.device) -> dict[str, Any]:
    """The states of Python's, numpy's, torch's and the device's generators, as tensors, numbers and tuples."""
    states = {name: read() for name, (read, _) in GENERATORS.items()}
    return {**states, "cuda": torch.cuda.get_rng_state(device) if device.type == "cuda" else None}


def restore_generators(state: dict[str, Any], device: torch.device) -> None:
    """Sets the generators to what `read_generators` returned."""
    for name, (_, restore) in GENERATORS.items():
        restore(state[name])
    if state["cuda"] is not None and device.type == "cuda":
        torch.cuda.set_rng_state(state["cuda"].cpu(), device)
