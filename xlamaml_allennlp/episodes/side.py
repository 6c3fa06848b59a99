"""One side of an episode as a batch, which can be taken apart between its examples."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Optional

from allennlp.data import Batch, Instance

from xlamaml_allennlp.languages.examples import Examples
from xlamaml_allennlp.languages.tag import Tag

Collated = dict[str, Any]


class Side(Collated):
    """
    A support or a query set: the batch that a stock loader would collate, which knows of which examples.

    # Parameters

    tags : `Sequence[Tag]`
        The tags of its examples.
    instances : `Sequence[Sequence[Instance]]`
        The instances of each of them, indexed.
    finish : `Callable[[Collated], Collated]`, optional
        What is done to a collated batch, such as moving it to a device.
    padding : `Optional[dict[str, dict[str, int]]]`, optional (default = `None`)
        The lengths to pad to, as AllenNLP's instances tell them. By default the longest of the set.
    """

    def __init__(
        self,
        tags: Sequence[Tag],
        instances: Sequence[Sequence[Instance]],
        finish: Callable[[Collated], Collated] = lambda batch: batch,
        padding: Optional[dict[str, dict[str, int]]] = None,
    ) -> None:
        self.tags = tags
        self._instances = instances
        self._finish = finish
        self._padding = padding
        self._parts: dict[int, list[tuple[float, Side]]] = {}
        batch = self._batch()
        self.size = len(batch.instances)
        super().__init__(finish(batch.as_tensor_dict(padding)))  # type: ignore[arg-type]

    @classmethod
    def of(cls, examples: Examples, rows: Iterable[int], finish: Callable[[Collated], Collated]) -> "Side":
        """
        The set that some examples make.

        # Parameters

        examples : `Examples`
            All examples.
        rows : `Iterable[int]`
            Those of the set.
        finish : `Callable[[Collated], Collated]`
            What is done to a collated batch.
        """
        rows = list(rows)
        return cls([examples.tag(row) for row in rows], [examples.instances([row]) for row in rows], finish)

    def split(self, most: int) -> list[tuple[float, "Side"]]:
        """
        Consecutive parts of at most `most` instances, each with its share of the instances.

        All windows of one question are in one part, which holds more than `most` where one question has more. A part
        is padded as the whole is: the numbers are then those of the whole, and outputs of parts fit together.

        # Parameters

        most : `int`
            At least 1.
        """
        if most not in self._parts:  # made once, for the inner loop asks in every pass
            padding = self._batch().get_padding_lengths() if self._padding is None else self._padding
            parts = [
                Side(self.tags[first:last], self._instances[first:last], self._finish, padding)
                for first, last in self._bounds(most)
            ]
            self._parts[most] = [(part.size / self.size, part) for part in parts]
        return self._parts[most]

    def convert(self, change: Callable[[Any], Any]) -> "Side":
        """
        The same set with every batch changed, of the whole and of its parts.

        # Parameters

        change : `Callable[[Any], Any]`
            Takes a batch and gives another.
        """
        return Side(self.tags, self._instances, lambda batch: change(self._finish(batch)), self._padding)

    def _batch(self) -> Batch:
        return Batch(list(chain.from_iterable(self._instances)))

    def _bounds(self, most: int) -> Iterator[tuple[int, int]]:
        first = held = 0
        for number, instances in enumerate(self._instances):
            if held and held + len(instances) > most:
                yield first, number
                first, held = number, 0
            held += len(instances)
        yield first, len(self._instances)
