"""The examples that episodes are drawn from, as rows, by language, by id and by group."""

from array import array
from collections.abc import Iterable, Sequence
from typing import Optional

from xlamaml_allennlp.languages.examples import Examples


class ExamplePool:
    """
    Finds rows of examples, in the order in which they were read.

    # Parameters

    examples : `Examples`
        The examples, of which no two share language and id.
    """

    def __init__(self, examples: Examples) -> None:
        self.examples = examples
        # By language, the row of each id.
        self._found: dict[str, dict[str, int]] = {}
        # Equal premises of two languages are two groups: each has a number, and by number its language and its size.
        self._group_of_row = array("l")
        self._group_languages: list[str] = []
        self._group_sizes: list[int] = []
        self._gather()
        self._rows = {language: array("l", found.values()) for language, found in self._found.items()}

    def _gather(self) -> None:
        groups: dict[tuple[str, str], int] = {}
        for row in range(len(self.examples)):
            tag = self.examples.tag(row)
            self._found.setdefault(tag.language, {})[tag.id] = row
            group = groups.setdefault((tag.language, tag.group), len(groups))
            if group == len(self._group_sizes):
                self._group_languages.append(tag.language)
                self._group_sizes.append(0)
            self._group_sizes[group] += 1
            self._group_of_row.append(group)

    def __len__(self) -> int:
        return len(self.examples)

    @property
    def languages(self) -> list[str]:
        """The languages there are, in order of reading."""
        return list(self._rows)

    def rows(self, language: str) -> Sequence[int]:
        """All examples of a language (none: an empty sequence), in order of reading. Not to be changed."""
        return self._rows.get(language, ())

    def row(self, language: str, id: str) -> int:
        """The example of a language with an id, which there is."""
        return self._found[language][id]

    def find(self, language: str, id: str) -> Optional[int]:
        """The example of a language with an id, if there is one."""
        return self._found.get(language, {}).get(id)

    def id(self, row: int) -> str:
        """The id of an example."""
        return self.examples.tag(row).id

    def language(self, row: int) -> str:
        """The language of an example."""
        return self._group_languages[self._group_of_row[row]]

    def group(self, row: int) -> int:
        """The number of an example's group (premise, paragraph). Groups of two languages have different numbers."""
        return self._group_of_row[row]

    def group_size(self, row: int) -> int:
        """How many examples of its language share the example's group, itself included."""
        return self._group_sizes[self._group_of_row[row]]

    def group_sizes(self, languages: Iterable[str]) -> list[int]:
        """The sizes of all groups of some languages, largest first."""
        wanted = set(languages)
        groups = zip(self._group_languages, self._group_sizes, strict=True)
        return sorted((size for language, size in groups if language in wanted), reverse=True)

    def describe(self) -> str:
        """The languages there are with their numbers of examples: `en (2490), hi (2490)`."""
        return ", ".join(f"{language} ({len(rows)})" for language, rows in self._rows.items()) or "none"
