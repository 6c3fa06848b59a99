"""Examples by number: the unit that episodes are made of, wherever its instances are kept."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Protocol

from allennlp.common.checks import ConfigurationError
from allennlp.common.tqdm import Tqdm
from allennlp.common.util import is_global_primary
from allennlp.data import Instance, Vocabulary

from xlamaml_allennlp.files.json_text import shown
from xlamaml_allennlp.languages.tag import Tag, texts_of
from xlamaml_allennlp.languages.tag_table import TagTable

# A tag, its instance, and the number of that in order of reading, from 0.
Met = tuple[Tag, Instance, int]


class Examples(Protocol):
    """
    Examples in rows from 0, in the order in which they were read: sentence pairs, or questions with all their windows.

    No two of them share language and id.
    """

    def __len__(self) -> int: ...

    @property
    def tags(self) -> TagTable:
        """The tags of all examples, as columns."""
        ...

    def tag(self, row: int) -> Tag:
        """Language, id and group of one example, and what else is known of it."""
        ...

    def instances(self, rows: Iterable[int]) -> list[Instance]:
        """All instances of some examples: in the order of the rows, and within one as they were read."""
        ...

    def index_with(self, vocab: Vocabulary, rows: Iterable[int]) -> None:
        """Has the instances of some examples know a vocabulary, at once or when they are made."""
        ...


class InMemoryExamples:
    """
    Examples whose instances are all in memory. Instances that share language and id are one example, such as the
    windows of a question: they agree in group, label, and every text in their metadata.

    # Parameters

    tagged : `Iterable[tuple[Tag, Instance]]`
        Instances with the tags of the examples that they belong to.

    # Raises

    `ConfigurationError`
        If two instances share language and id but not the rest: two examples then have one id.
    """

    def __init__(self, tagged: Iterable[tuple[Tag, Instance]]) -> None:
        self._tags: list[Tag] = []
        self._instances: list[tuple[Instance, ...]] = []
        # By language and id: the row, and the number of the first instance in order of reading.
        met: dict[tuple[str, str], tuple[int, int]] = {}
        shown_while_read = Tqdm.tqdm(tagged, desc="loading instances", disable=not is_global_primary())
        for number, (tag, instance) in enumerate(shown_while_read):
            row, first = met.setdefault((tag.language, tag.id), (len(self._tags), number))
            if row == len(self._tags):
                self._tags.append(tag)
                self._instances.append((instance,))
            else:
                check_same((self._tags[row], self._instances[row][0], first), (tag, instance, number))
                self._instances[row] += (instance,)

    def __len__(self) -> int:
        return len(self._tags)

    @cached_property
    def tags(self) -> TagTable:
        """The tags of all examples, as columns."""
        return TagTable.of(self._tags)

    def tag(self, row: int) -> Tag:
        """Language, id and group of one example, and what else is known of it."""
        return self._tags[row]

    def instances(self, rows: Iterable[int]) -> list[Instance]:
        """All instances of some examples: in the order of the rows, and within one as they were read."""
        return [instance for row in rows for instance in self._instances[row]]

    def index_with(self, vocab: Vocabulary, rows: Iterable[int]) -> None:
        """Indexes the instances of some examples."""
        for instance in self.instances(rows):
            instance.index_fields(vocab)


class SomeExamples:
    """
    Some of other examples, numbered anew.

    # Parameters

    examples : `Examples`
        The examples to choose from.
    rows : `Sequence[int]`
        Which of them.
    """

    def __init__(self, examples: Examples, rows: Sequence[int]) -> None:
        self._examples = examples
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @cached_property
    def tags(self) -> TagTable:
        """The tags of these examples, as columns."""
        return self._examples.tags.take(self._rows)

    def tag(self, row: int) -> Tag:
        """Language, id and group of one example, and what else is known of it."""
        return self._examples.tag(self._rows[row])

    def instances(self, rows: Iterable[int]) -> list[Instance]:
        """All instances of some examples: in the order of the rows, and within one as they were read."""
        return self._examples.instances(self._rows[row] for row in rows)

    def index_with(self, vocab: Vocabulary, rows: Iterable[int]) -> None:
        """Has the instances of some of these examples know a vocabulary."""
        self._examples.index_with(vocab, (self._rows[row] for row in rows))


def check_same(one: Met, other: Met) -> None:
    """
    Checks that two instances that share language and id are of one example.

    # Raises

    `ConfigurationError`
        If they differ in group, label or a text: two examples then have one id.
    """
    (tag, instance, _), (other_tag, other_instance, _) = one, other
    texts, other_texts = texts_of(instance), texts_of(other_instance)
    if (tag.group, tag.label, texts) == (other_tag.group, other_tag.label, other_texts):
        return
    different = {"group": (tag.group, other_tag.group), "label": (tag.label, other_tag.label)}
    different |= {key: (texts.get(key), other_texts.get(key)) for key in {**texts, **other_texts}}
    key, (here, there) = next((key, pair) for key, pair in different.items() if pair[0] != pair[1])
    raise ConfigurationError(
        f'Two examples of language "{tag.language}" have the id "{tag.id:.80}", {_place(one)} and {_place(other)}: '
        f"they differ in {key} ({shown(here)} and {shown(there)}). Give each example of a language its own id; files "
        "whose ids restart (development and test, say) cannot be mixed in one language. Windows of one example "
        "have all texts of their metadata in common."
    )


def _place(met: Met) -> str:
    tag, _, number = met
    return f"instance {number}" if tag.source is None or tag.row is None else f"{tag.source}:{tag.row}"
