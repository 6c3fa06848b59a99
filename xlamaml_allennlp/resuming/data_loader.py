"""A data loader that can be brought to where another process left it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, Optional

import torch
from allennlp.data import DataLoader, Instance, Vocabulary

from xlamaml_allennlp.resuming.draws import Draws

END = object()


class RepeatableDataLoader(DataLoader):
    """
    Another data loader, whose passes are counted and whose random numbers are known, so that a recovered run can have
    the same batches: those that were trained on are drawn again, but not collated where this is the loader's to do.

    A loader with `skip(n)` is asked to pass over its next n batches instead, so its batches must not depend on random
    numbers of others. One with `begin_anew()` starts every pass from its beginning, if `anew` is set. One whose batches
    depend on what came of those before has `memory()`, plain values of which it tells what it knows, or `None`; and
    `remember(memory)`, after which it draws the same ones again.

    # Parameters

    loader : `DataLoader`
        The loader.
    anew : `bool`, optional (default = `False`)
        Whether what it yields judges parameters, and so should be the same in every pass.
    """

    def __init__(self, loader: DataLoader, anew: bool = False) -> None:
        self.loader = loader
        self._begin_anew: Optional[Callable[[], None]] = getattr(loader, "begin_anew", None) if anew else None
        self._skip: Optional[Callable[[int], None]] = getattr(loader, "skip", None)
        self._collation = _Collation.of(loader)
        self._draws = Draws()
        # Of every pass how many batches were drawn, and whether it came to its end.
        self._passes: list[tuple[int, bool]] = []
        self._is_within_pass = False
        self._before_next: Optional[Callable[[], None]] = None

    def __getattr__(self, name: str) -> Any:
        if name == "loader":  # while it is copied
            raise AttributeError(name)
        return getattr(self.loader, name)

    def __len__(self) -> int:
        return len(self.loader)

    def iter_instances(self) -> Iterator[Instance]:
        return self.loader.iter_instances()

    def index_with(self, vocab: Vocabulary) -> None:
        self.loader.index_with(vocab)

    def set_target_device(self, device: torch.device) -> None:
        self.loader.set_target_device(device)

    def __iter__(self) -> Iterator[Any]:
        """The batches of a pass; `None` for each of those that were drawn before an interruption."""
        if self._begin_anew is not None:
            self._begin_anew()
        if not self._is_within_pass:
            self._passes.append((0, False))
        self._is_within_pass = False
        number, (done, _) = len(self._passes) - 1, self._passes[-1]
        batches = self._drawn(number, done)
        yield from [None] * done
        self._catch_up()
        while True:
            with self._draws.watched(number, done):
                batch = next(batches, END)
            if batch is END:
                self._passes[number] = done, True
                return
            done += 1
            self._passes[number] = done, False
            yield batch

    def state(self) -> dict[str, Any]:
        """How far it is, as plain values."""
        memory = getattr(self.loader, "memory", None)
        return {"passes": list(self._passes), "draws": self._draws.state(), "memory": memory and memory()}

    def resume(self, state: dict[str, Any], within: bool, before_next: Optional[Callable[[], None]] = None) -> None:
        """
        Goes to where `state` was taken, if no batch has been drawn yet.

        # Parameters

        state : `dict[str, Any]`
            What `state` returned.
        within : `bool`
            Whether the last pass is to be gone on with.
        before_next : `Optional[Callable[[], None]]`, optional (default = `None`)
            Called once, before the first batch is drawn that was not drawn then.
        """
        if state.get("memory") is not None:
            self.loader.remember(state["memory"])  # type: ignore[attr-defined]
        self._passes = [(drawn, ended) for drawn, ended in state["passes"]]
        self._draws = Draws.from_state(state["draws"])
        self._is_within_pass, self._before_next = within, before_next
        for number, (drawn, ended) in enumerate(self._passes[:-1] if within else self._passes):
            if self._begin_anew is None:
                batches = self._drawn(number, drawn)
                if ended and self._skip is None:
                    next(batches, None)  # some loaders take note of the end of a pass there

    def _drawn(self, number: int, done: int) -> Iterator[Any]:
        """The batches of a pass after those that are done, which are drawn again or skipped."""
        if done and self._skip is not None:
            self._skip(done)
            return islice(iter(self.loader), len(self.loader) - done)
        batches = iter(self.loader)
        with self._collation.off():
            for batch in range(done):
                with self._draws.repeated(number, batch):
                    next(batches, None)
        return batches

    def _catch_up(self) -> None:
        before_next, self._before_next = self._before_next, None
        if before_next is not None:
            before_next()


class _Collation:
    """The collation of a loader, if it can be done without: the loader has one, and does it in this process."""

    def __init__(self, collate: Callable[[Any], Any]) -> None:
        self._collate = collate
        self._is_off = False

    @classmethod
    def of(cls, loader: Any) -> "_Collation":
        collation = cls(getattr(loader, "collate_fn", list))
        if hasattr(loader, "collate_fn") and not getattr(loader, "num_workers", 0):
            loader.collate_fn = collation
        return collation

    @contextmanager
    def off(self) -> Iterator[None]:
        self._is_off = True
        try:
            yield
        finally:
            self._is_off = False

    def __call__(self, instances: Any) -> Any:
        return None if self._is_off else self._collate(instances)
