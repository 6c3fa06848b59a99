"""Whether anybody counts what a model predicts."""

from collections.abc import Iterator
from contextlib import contextmanager


class Counting:
    """
    Whether anybody counts what a model predicts: true, but for a while. A model asks it before it calls its metrics and
    before it works for them alone. Functional copies of the model share it, as they share the metrics.
    """

    def __init__(self) -> None:
        self._pauses = 0

    def __bool__(self) -> bool:
        return not self._pauses

    @contextmanager
    def paused(self) -> Iterator[None]:
        """A context in which nobody counts; within another of its kind it changes nothing."""
        self._pauses += 1
        try:
            yield
        finally:
            self._pauses -= 1
