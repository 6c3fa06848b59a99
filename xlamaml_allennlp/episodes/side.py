"""One side of an episode as a batch, which can be taken apart between its examples."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain
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
    places : `Optional[Sequence[int]]`, optional (default = `None`)
        Where its instances stand in the set that it is a part of. By default it is no part.
    """

    def __init__(
        self,
        tags: Sequence[Tag],
        instances: Sequence[Sequence[Instance]],
        finish: Callable[[Collated], Collated] = lambda batch: batch,
        places: Optional[Sequence[int]] = None,
    ) -> None:
        self.tags = tags
        self._instances = instances
        self._finish = finish
        self._parts: dict[tuple[int, bool], list[tuple[float, Side]]] = {}
        batch = Batch(list(chain.from_iterable(instances)))
        self.size = len(batch.instances)
        self.places = range(self.size) if places is None else places
        super().__init__(finish(batch.as_tensor_dict()))

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

    def split(self, most: int, like: Optional["Side"] = None) -> list[tuple[float, "Side"]]:
        """
        Parts of at most `most` instances, each with its share of the instances, in the order of their lengths.

        All windows of one question are in one part, which holds more than `most` where one question has more. A part
        is padded to its own longest instance only, and so holds those that are nearly as long.

        # Parameters

        most : `int`
            At least 1.
        like : `Optional[Side]`, optional (default = `None`)
            A set of translations, whose lengths decide: the k-th part of both then holds the same of their examples.
        """
        key = most, like is None
        if key not in self._parts:  # made once, for the inner loop asks in every pass
            parts = [self._part(examples) for examples in (self if like is None else like)._groups(most)]
            self._parts[key] = [(part.size / self.size, part) for part in parts]
        return self._parts[key]

    def convert(self, change: Callable[[Any], Any]) -> "Side":
        """
        The same set with every batch changed, of the whole and of its parts.

        # Parameters

        change : `Callable[[Any], Any]`
            Takes a batch and gives another.
        """
        return Side(self.tags, self._instances, lambda batch: change(self._finish(batch)), self.places)

    def _part(self, examples: Sequence[int]) -> "Side":
        first = list(accumulate(map(len, self._instances), initial=0))
        places = [self.places[at] for example in examples for at in range(first[example], first[example + 1])]
        tags, instances = [self.tags[example] for example in examples], [self._instances[each] for each in examples]
        return Side(tags, instances, self._finish, places)

    def _groups(self, most: int) -> Iterator[list[int]]:
        """The numbers of the examples of each part."""
        lengths = [max(map(length, instances), default=0) for instances in self._instances]
        group: list[int] = []
        held = 0
        for example in sorted(range(len(lengths)), key=lengths.__getitem__):
            size = len(self._instances[example])
            if group and held + size > most:
                yield group
                group, held = [], 0
            group.append(example)
            held += size
        yield group


def length(instance: Instance) -> int:
    """The longest that any of an instance's fields is padded to."""
    return max((each for field in instance.get_padding_lengths().values() for each in field.values()), default=0)
