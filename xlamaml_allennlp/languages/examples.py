"""Examples by number: the unit that episodes are made of, wherever its instances are kept."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from allennlp.common.checks import ConfigurationError
from allennlp.common.tqdm import Tqdm
from allennlp.common.util import is_global_primary
from allennlp.data import Instance

from xlamaml_allennlp.languages.tag import Tag


class Examples(Protocol):
    """
    Examples in rows from 0, in the order in which they were read: sentence pairs, or questions with all their windows.

    No two of them share language and id.
    """

    def __len__(self) -> int: ...

    def tag(self, row: int) -> Tag:
        """Language, id and group of one example, and what else is known of it."""
        ...

    def instances(self, rows: Iterable[int]) -> list[Instance]:
        """All instances of some examples: in the order of the rows, and within one as they were read."""
        ...


class InMemoryExamples:
    """
    Examples whose instances are all in memory. Instances that share language and id are one example.

    # Parameters

    tagged : `Iterable[tuple[Tag, Instance]]`
        Instances with the tags of the examples that they belong to.

    # Raises

    `ConfigurationError`
        If two instances share language and id but not the group: two examples then have one id.
    """

    def __init__(self, tagged: Iterable[tuple[Tag, Instance]]) -> None:
        self._tags: list[Tag] = []
        self._instances: list[tuple[Instance, ...]] = []
        rows: dict[tuple[str, str], int] = {}
        for tag, instance in Tqdm.tqdm(tagged, desc="loading instances", disable=not is_global_primary()):
            row = rows.setdefault((tag.language, tag.id), len(self._tags))
            if row == len(self._tags):
                self._tags.append(tag)
                self._instances.append((instance,))
            else:
                _check_group(self._tags[row], tag.group)
                self._instances[row] += (instance,)

    def __len__(self) -> int:
        return len(self._tags)

    def tag(self, row: int) -> Tag:
        """Language, id and group of one example, and what else is known of it."""
        return self._tags[row]

    def instances(self, rows: Iterable[int]) -> list[Instance]:
        """All instances of some examples: in the order of the rows, and within one as they were read."""
        return [instance for row in rows for instance in self._instances[row]]


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

    def tag(self, row: int) -> Tag:
        """Language, id and group of one example, and what else is known of it."""
        return self._examples.tag(self._rows[row])

    def instances(self, rows: Iterable[int]) -> list[Instance]:
        """All instances of some examples: in the order of the rows, and within one as they were read."""
        return self._examples.instances(self._rows[row] for row in rows)


def _check_group(tag: Tag, group: str) -> None:
    if group != tag.group:
        raise ConfigurationError(
            f'Two examples of language "{tag.language}" have the id "{tag.id}": they belong to different groups '
            f'("{tag.group}" and "{group}"). Give each example of a language its own id; files whose ids '
            "restart (development and test, say) cannot be mixed in one language."
        )
