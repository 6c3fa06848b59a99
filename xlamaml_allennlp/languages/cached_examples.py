"""Examples that lie on disk, and become instances when they are asked for."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Optional

import numpy as np
from allennlp.data import Instance, Vocabulary

from xlamaml_allennlp.caching.columns import read_numbers
from xlamaml_allennlp.caching.table import Table, Texts
from xlamaml_allennlp.languages.examples_writer import EXAMPLES, GROUPS, IDS, INSTANCES, ITEMS, Columns
from xlamaml_allennlp.languages.items import Share, dealt
from xlamaml_allennlp.languages.tag import Tag
from xlamaml_allennlp.languages.tag_table import TagTable


class CachedExamples:
    """
    Examples in files that every process reads from the same pages. An instance is made anew whenever it is asked for.

    # Parameters

    folder : `Path`
        What `ExamplesWriter` wrote.
    about : `Mapping[str, Any]`
        What its `close` returned.
    columns : `Columns`
        How instances are kept.
    """

    def __init__(self, folder: Path, about: Mapping[str, Any], columns: Columns) -> None:
        self._folder, self._columns = folder, columns
        # Of millions of examples, gigabytes, and hundreds of megabytes.
        self._instances, self._groups = Table(folder / INSTANCES, is_mapped=False), Table(folder / GROUPS)
        self._numbers = numbers = read_numbers(folder / EXAMPLES)
        self._sources, self._count, self._item_counts = about["sources"], about["instances"], about["items"]
        self._items = None if about["one_each"] else read_numbers(folder / ITEMS)["item"]
        ids = Texts(Table(folder / IDS), "id")
        columns_of_tags = (numbers[name] for name in ("language", "id", "group", "label"))
        self.tags = TagTable(about["languages"], ids, about["labels"], *columns_of_tags)
        self._vocab: Optional[Vocabulary] = None

    def __len__(self) -> int:
        return len(self.tags)

    def tag(self, row: int) -> Tag:
        """Language, id and group of one example, and what else is known of it."""
        tags, numbers = self.tags, self._numbers
        label, source, number = (int(numbers[name][row]) for name in ("label", "source", "number"))
        return Tag(
            tags.languages[tags.language[row]],
            tags.ids[tags.id[row]],
            self._groups.text(int(tags.group[row]), "group"),
            None if label < 0 else tags.labels[label],
            None if source < 0 else self._sources[source],
            None if number < 0 else number,
        )

    def instances(self, rows: Iterable[int]) -> list[Instance]:
        """All instances of some examples: in the order of the rows, and within one as they were read."""
        made = [instance for row in rows for instance in self._instances_of(row)]
        if self._vocab is not None:
            for instance in made:
                instance.index_fields(self._vocab)
        return made

    @property
    def num_instances(self) -> int:
        """How many instances all examples have together."""
        return self._count

    def instance(self, number: int) -> Instance:
        """One instance, by its number in order of reading."""
        first = self._numbers.get("first")
        row = number if first is None else int(np.searchsorted(first, number, side="right")) - 1
        return self._columns.instance(self.tag(row), self._shared(row), self._instances.row(number))

    def dealt(self, share: Share) -> Iterator[int]:
        """
        The numbers of the instances that a worker would have read.

        # Parameters

        share : `Callable[[Iterable], Iterator]`
            Takes its share of rows, of which instances were made.
        """
        return dealt(self._item_counts, self._items, share)

    def index_with(self, vocab: Vocabulary, rows: Iterable[int]) -> None:
        """Has all instances that are made from now on know a vocabulary. The first shows whether they can."""
        self._vocab = vocab
        if (first := next(iter(rows), None)) is not None:
            self.instances([first])

    def kept(self, name: str, make: Callable[[], Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
        """
        Arrays that follow from the examples alone, made once and kept with them.

        # Parameters

        name : `str`
            A name for them, without a version: the code that makes them is in `ROOMS`, and so in the entry's name.
        make : `Callable[[], Mapping[str, np.ndarray]]`
            Makes them.
        """
        path = self._folder / f"{name}.npz"
        try:
            with open(path, "rb") as file, np.load(file) as found:  # which compares checksums
                return dict(found)
        except Exception:  # not there, cut, or another file: a dozen kinds
            made = dict(make())
        partial = path.with_suffix(f".{os.getpid()}.partial")
        try:
            with open(partial, "wb") as written:
                np.savez(written, **made)  # type: ignore[arg-type]
            partial.replace(path)
        except OSError:  # to be made again next time
            partial.unlink(missing_ok=True)
        return made

    def _instances_of(self, row: int) -> Iterable[Instance]:
        tag, shared = self.tag(row), self._shared(row)
        return (self._columns.instance(tag, shared, self._instances.row(number)) for number in self._place(row))

    def _shared(self, row: int) -> dict[str, Any]:
        return self._groups.row(int(self.tags.group[row]))

    def _place(self, row: int) -> range:
        first = self._numbers.get("first")
        if first is None:
            return range(row, row + 1)
        return range(first[row], first[row + 1] if row + 1 < len(first) else self._count)
