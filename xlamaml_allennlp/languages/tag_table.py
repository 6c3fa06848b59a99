"""The tags of many examples as columns of numbers: what episodes are drawn by, at a few bytes an example."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Union

import numpy as np

from xlamaml_allennlp.languages.tag import Tag


@dataclass(frozen=True, eq=False)
class TagTable:
    """
    Language, id, group and label of examples, each as the number of a value.

    # Parameters

    languages : `Sequence[str]`
        The languages, in order of reading.
    ids : `Sequence[str]`
        The ids, each once, whatever the languages.
    labels : `Sequence[Union[str, int]]`
        The labels, each once.
    language : `np.ndarray`
        For each example the number of its language. Shape: (num_examples,)
    id : `np.ndarray`
        That of its id. Shape: (num_examples,)
    group : `np.ndarray`
        That of its group; equal groups of two languages are two. In 32 bits. Shape: (num_examples,)
    label : `np.ndarray`
        That of its label; -1 where it has none. Shape: (num_examples,)
    """

    languages: Sequence[str]
    ids: Sequence[str]
    labels: Sequence[Union[str, int]]
    language: np.ndarray
    id: np.ndarray
    group: np.ndarray
    label: np.ndarray

    @classmethod
    def of(cls, tags: Iterable[Tag]) -> "TagTable":
        """The table of some tags."""
        languages, ids, groups, labels = Numbers(), Numbers(), Numbers(), Numbers()
        columns = array("i"), array("i"), array("i"), array("i")
        for tag in tags:
            language = languages[tag.language]
            columns[0].append(language)
            columns[1].append(ids[tag.id])
            columns[2].append(groups[language, tag.group])
            columns[3].append(-1 if tag.label is None else labels[_key(tag.label)])
        found = (np.array(column, dtype=np.int32) for column in columns)
        return cls(list(languages), list(ids), list(labels), *found)

    def __len__(self) -> int:
        return len(self.language)

    def rows_of(self, language: str) -> np.ndarray:
        """The rows of the examples of a language, in order of reading, in 32 bits; of one that is not there: none."""
        number = self.languages.index(language) if language in self.languages else -1
        return np.flatnonzero(self.language == number).astype(np.int32)

    def counts(self) -> dict[str, int]:
        """How many examples each language has, in order of reading; only languages that have some."""
        counts = np.bincount(self.language, minlength=len(self.languages)).tolist()
        return {language: count for language, count in zip(self.languages, counts, strict=True) if count}

    def take(self, rows: Sequence[int]) -> "TagTable":
        """The table of some of the examples, in the order of `rows`."""
        chosen = np.asarray(rows, dtype=np.int64)
        columns = (column[chosen] for column in (self.language, self.id, self.group, self.label))
        return TagTable(self.languages, self.ids, self.labels, *columns)


def _key(label: Any) -> Any:
    # Whoever brings examples of their own may call anything a label.
    return label if isinstance(label, (str, int)) else repr(label)


class Numbers(dict[Any, int]):
    """Numbers things in the order in which they are met, from 0: `numbers[thing]`."""

    def __missing__(self, thing: Any) -> int:
        self[thing] = number = len(self)
        return number
