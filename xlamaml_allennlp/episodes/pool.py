"""The examples that episodes are drawn from, as rows, by language, by id and by group."""

from collections.abc import Iterable, Sequence

import numpy as np

from xlamaml_allennlp.episodes.translations import Translations
from xlamaml_allennlp.languages.examples import Examples

NONE: Sequence[int] = ()


class ExamplePool:
    """
    Finds rows of examples, in the order in which they were read. It holds a few numbers for each example, and none of
    Python's objects: data may be millions of pairs.

    # Parameters

    examples : `Examples`
        The examples, of which no two share language and id.
    """

    def __init__(self, examples: Examples) -> None:
        self.examples = examples
        self._tags = tags = examples.tags
        # Views of arrays, which give Python's numbers and are empty where false.
        self._rows = {language: tags.rows_of(language).data for language in tags.counts()}
        # Equal premises of two languages are two groups: each has a number, and by number its language and its size.
        self._language_of_row, self._group_of_row = tags.language.data, tags.group.data
        self._group_languages = np.zeros(int(tags.group.max(initial=-1)) + 1, dtype=np.int32)
        self._group_languages[tags.group] = tags.language
        self._group_sizes = np.bincount(tags.group, minlength=len(self._group_languages)).astype(np.int32)
        self._size_of_group = self._group_sizes.data
        self._translations = Translations(tags)

    def __len__(self) -> int:
        return len(self.examples)

    @property
    def languages(self) -> list[str]:
        """The languages there are, in order of reading."""
        return list(self._rows)

    def rows(self, language: str) -> Sequence[int]:
        """All examples of a language (none: an empty sequence), in order of reading. Not to be changed."""
        return self._rows.get(language, NONE)

    def translations(self, rows: Sequence[int], language: str) -> np.ndarray:
        """
        The examples of a language that have the ids of some others; -1 where there is none.

        # Parameters

        rows : `Sequence[int]`
            The others.
        language : `str`
            The language.

        # Returns

        `np.ndarray`
            Their rows. Shape: (num_rows,)
        """
        return self._translations.find(rows, language)

    def labels(self, rows: Sequence[int]) -> np.ndarray:
        """The numbers of some examples' labels; -1 for one that has none. Shape: (num_rows,)"""
        return self._tags.label[np.asarray(rows, dtype=np.int64)]

    def id(self, row: int) -> str:
        """The id of an example."""
        return self._tags.ids[self._tags.id[row]]

    def id_number(self, row: int) -> int:
        """A number that an example shares with its translations alone: with those of its id."""
        return int(self._tags.id[row])

    def language(self, row: int) -> str:
        """The language of an example."""
        return self._tags.languages[self._language_of_row[row]]

    def group(self, row: int) -> int:
        """The number of an example's group (premise, paragraph). Groups of two languages have different numbers."""
        return self._group_of_row[row]

    def group_size(self, row: int) -> int:
        """How many examples of its language share the example's group, itself included."""
        return self._size_of_group[self._group_of_row[row]]

    def group_sizes(self, languages: Iterable[str]) -> list[int]:
        """The sizes of all groups of some languages, largest first."""
        wanted = set(languages)
        numbers = [number for number, language in enumerate(self._tags.languages) if language in wanted]
        # A group of no example is of another part of the data.
        chosen = self._group_sizes[np.isin(self._group_languages, numbers) & (self._group_sizes > 0)]
        return np.sort(chosen)[::-1].tolist()

    def describe(self) -> str:
        """The languages there are with their numbers of examples: `en (2490), hi (2490)`."""
        return ", ".join(f"{language} ({len(rows)})" for language, rows in self._rows.items()) or "none"
