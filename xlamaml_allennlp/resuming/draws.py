"""Which random numbers a data loader was given, as far as it takes to have it draw the same batches again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

from xlamaml_allennlp.resuming.generators import GENERATORS

# The pass, the batch of it, the generator.
Draw = tuple[int, int, str]


class Draws:
    """
    The states of the generators before every draw that a data loader made from them.

    Of draws that follow each other, with nobody else's in between, the first one's is enough: a loader that shuffles
    once in a pass leaves one state for each pass, and one that does not leaves none.
    """

    def __init__(self) -> None:
        self._before: dict[Draw, Any] = {}
        self._after_last: dict[str, Any] = {}

    @contextmanager
    def watched(self, number: int, batch: int) -> Iterator[None]:
        """A context in which the loader draws a batch of a pass."""
        before = {name: read() for name, (read, _) in GENERATORS.items()}
        yield
        for name, (read, _) in GENERATORS.items():
            after = read()
            if _same(before[name], after):
                continue
            if name not in self._after_last or not _same(self._after_last[name], before[name]):
                self._before[number, batch, name] = before[name]
            self._after_last[name] = after

    @contextmanager
    def repeated(self, number: int, batch: int) -> Iterator[None]:
        """A context in which the loader draws a batch again, from the same random numbers."""
        for name, (_, restore) in GENERATORS.items():
            state = self._before.get((number, batch, name), self._after_last.get(name))
            if state is not None:
                restore(state)
        with self.watched(number, batch):
            yield

    def state(self) -> list[tuple[Draw, Any]]:
        """The draws as plain values."""
        return list(self._before.items())

    @classmethod
    def from_state(cls, state: list[tuple[Draw, Any]]) -> "Draws":
        """The draws that `state` was taken from, before the first of them is repeated."""
        draws = cls()
        draws._before = {tuple(draw): value for draw, value in state}  # type: ignore[misc]
        return draws


def _same(one: Any, other: Any) -> bool:
    return torch.equal(one, other) if isinstance(one, torch.Tensor) else bool(one == other)
