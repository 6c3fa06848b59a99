"""Instances of examples that lie on disk, made when somebody looks at them: a list of all costs next to nothing."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any, Optional

from allennlp.data import Field, Instance, Vocabulary

from xlamaml_allennlp.languages.cached_examples import CachedExamples

# Instances that stay made: those of a batch are looked at several times while they are put together.
MADE = 1024


class KeptInstance(Instance):
    """
    An instance that is made whenever its fields are asked for and others have taken its place meanwhile.

    AllenNLP's data loader holds all instances in a list. Of these each is a number; a batch is made when it is
    collated. A field that is added stays; what else is changed in one lasts as long as it stays made. To another
    process goes the instance itself.

    # Parameters

    shelf : `Shelf`
        What makes it.
    number : `int`
        Which it is, in order of reading.
    """

    __slots__ = ["_made", "_number", "_shelf"]

    def __init__(self, shelf: "Shelf", number: int) -> None:
        self._shelf, self._number = shelf, number
        self._made: Optional[dict[str, Field]] = None

    @property
    def fields(self) -> dict[str, Field]:  # type: ignore[override]
        """Its fields, as the reader made them."""
        if self._made is None:
            self._made = self._shelf.make(self, self._number)
        return self._made

    @property
    def indexed(self) -> bool:  # type: ignore[override]
        """Whether its fields know a vocabulary, or will once they are made."""
        return self._shelf.vocab is not None

    def index_fields(self, vocab: Vocabulary) -> None:
        """Has this and all others know a vocabulary, if they know none. The first one shows whether they can."""
        if self._shelf.vocab is None:
            self._shelf.index_with(vocab)
            _ = self.fields

    def add_field(self, field_name: str, field: Field, vocab: Optional[Vocabulary] = None) -> None:
        super().add_field(field_name, field, vocab)  # type: ignore[arg-type]
        self._shelf.pinned[self._number] = self.fields

    def forget(self) -> None:
        """Lets go of the fields, which are made again when they are asked for."""
        self._made = None

    def is_of(self, examples: CachedExamples) -> bool:
        """Whether it is one of these examples'."""
        return self._shelf.examples is examples

    def __reduce__(self) -> tuple[Any, ...]:
        return Instance, (dict(self.fields),)


class Shelf:
    """
    Makes the instances of some examples.

    # Parameters

    examples : `CachedExamples`
        The examples.
    """

    def __init__(self, examples: CachedExamples) -> None:
        self.examples = examples
        self.vocab: Optional[Vocabulary] = None
        self.pinned: dict[int, dict[str, Field]] = {}
        self._made: deque[KeptInstance] = deque()

    def make(self, instance: KeptInstance, number: int) -> dict[str, Field]:
        """The fields of an instance, in whose place another one forgets its own."""
        if len(self._made) == MADE:
            self._made.popleft().forget()
        self._made.append(instance)
        if (pinned := self.pinned.get(number)) is not None:
            return pinned
        made = self.examples.instance(number)
        if self.vocab is not None:
            made.index_fields(self.vocab)
        return made.fields  # type: ignore[return-value]

    def index_with(self, vocab: Vocabulary) -> None:
        """Has all instances know a vocabulary: those that are made, and others when they are."""
        self.vocab = vocab
        for instance in self._made:
            for field in instance.fields.values():
                field.index(vocab)


def kept_instances(examples: CachedExamples, numbers: Iterable[int]) -> Iterator[KeptInstance]:
    """Some instances of examples, by their numbers in order of reading."""
    shelf = Shelf(examples)
    return (KeptInstance(shelf, number) for number in numbers)


def kept_whole(instances: Iterable[Instance]) -> Optional[CachedExamples]:
    """The examples whose instances these are, all of them and each once; `None` if there are no such examples."""
    examples, count = None, 0
    for instance in instances:
        if not isinstance(instance, KeptInstance):
            return None
        examples = examples or instance._shelf.examples
        if not instance.is_of(examples) or instance._number != count:
            return None
        count += 1
    return examples if examples is not None and count == examples.num_instances else None
