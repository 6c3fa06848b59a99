"""Writes examples as they are kept on disk: numbers by example, and what instances hold by batches."""

import hashlib
from array import array
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Optional, Protocol

import numpy as np
from allennlp.common.checks import ConfigurationError
from allennlp.data import Instance

from xlamaml_allennlp.caching.columns import TableWriter, Value, to_bytes, write_numbers
from xlamaml_allennlp.languages.examples import Met, check_same
from xlamaml_allennlp.languages.tag import Tag
from xlamaml_allennlp.languages.tag_table import Numbers

INSTANCES, GROUPS, IDS, EXAMPLES = "instances.arrow", "groups.arrow", "ids.arrow", "examples.arrow"
# Only where rows did not become one instance each.
ITEMS = "items.arrow"


class Columns(Protocol):
    """How a reader's instances are kept: what one holds besides its tag."""

    def shared(self, instance: Instance) -> Mapping[str, Value]:
        """What an instance has in common with all of its group, besides the group's name."""
        ...

    def own(self, instance: Instance) -> Mapping[str, Value]:
        """What it has alone."""
        ...

    def instance(self, tag: Tag, shared: Mapping[str, Any], own: Mapping[str, Any]) -> Instance:
        """The instance again."""
        ...


class TornExampleError(Exception):
    """
    Instances of one language and id do not follow each other, or differ as only two examples do: these are not kept.
    """


class ExamplesWriter:
    """
    Writes examples as `CachedExamples` reads them.

    # Parameters

    folder : `Path`
        Where to.
    columns : `Columns`
        How instances are kept.
    """

    def __init__(self, folder: Path, columns: Columns) -> None:
        self._folder, self._columns = folder, columns
        self._instances, self._groups, self._ids = (TableWriter(folder / name) for name in (INSTANCES, GROUPS, IDS))
        self._languages, self._labels, self._sources = Numbers(), Numbers(), Numbers()
        self._id_numbers, self._group_numbers = Numbers(), Numbers()
        self._rows = {name: array("q") for name in ("language", "id", "group", "label", "source", "number", "first")}
        self._items = array("q")
        self._last: Optional[Met] = None
        self._count = 0

    def add(self, tag: Tag, instance: Instance, item: int) -> None:
        """
        Adds an instance: a further one of the last example, if it shares language and id with that.

        # Parameters

        tag : `Tag`
            Its example's tag.
        instance : `Instance`
            The instance.
        item : `int`
            The number of what it was made of (`Items`).

        # Raises

        `TornExampleError`
            If it does and differs in what instances of one example have in common.
        """
        last, self._last = self._last, (tag, instance, self._count)
        if last is not None and last[0][:2] == tag[:2]:
            try:
                check_same(last, self._last)
            except ConfigurationError as error:  # to whoever draws episodes; others may read two examples of one id
                raise TornExampleError from error
        else:
            self._add_example(tag, instance)
        self._instances.add(self._columns.own(instance))
        self._items.append(item)
        self._count += 1

    def _add_example(self, tag: Tag, instance: Instance) -> None:
        language, ids = self._languages[tag.language], len(self._id_numbers)
        id = self._id_numbers[tag.id]
        if id == ids:
            self._ids.add({"id": to_bytes(tag.id)})
        # Texts are long, and there are many.
        key = language, hashlib.blake2b(to_bytes(tag.group), digest_size=16).digest()
        groups = len(self._group_numbers)
        group = self._group_numbers[key]
        if group == groups:
            self._groups.add({"group": to_bytes(tag.group), **self._columns.shared(instance)})
        label = -1 if tag.label is None else self._labels[tag.label]
        source = -1 if tag.source is None else self._sources[tag.source]
        number = -1 if tag.row is None else tag.row
        row = (language, id, group, label, source, number, self._count)
        for column, value in zip(self._rows.values(), row, strict=True):
            column.append(value)

    def close(self, num_items: int) -> dict[str, Any]:
        """
        Writes what is left.

        # Parameters

        num_items : `int`
            How many items there were, those that became no instance included.

        # Returns

        `dict[str, Any]`
            What else `CachedExamples` needs to know.

        # Raises

        `TornExampleError`
            If language and id came again after another example.
        """
        for table in (self._instances, self._groups, self._ids):
            table.close()
        numbers = {name: np.array(column) for name, column in self._rows.items()}
        keys = numbers["language"] * max(1, len(self._id_numbers)) + numbers["id"]
        if len(np.unique(keys)) < len(keys):
            raise TornExampleError
        narrow = {name: column.astype(np.int32) for name, column in numbers.items() if name not in ("number", "first")}
        first = np.append(numbers["first"], self._count)
        # One instance to an example, as of pairs, needs no word.
        windows = {} if len(first) == self._count + 1 else {"first": first[:-1]}
        write_numbers(self._folder / EXAMPLES, {**narrow, "number": numbers["number"], **windows})
        items = np.array(self._items)
        one_each = np.array_equal(items, np.arange(num_items))
        if not one_each:
            write_numbers(self._folder / ITEMS, {"item": items.astype(np.int32)})
        named = {"languages": self._languages, "labels": self._labels, "sources": self._sources}
        told = {"instances": self._count, "examples": len(keys), "one_each": one_each}
        return {**{name: list(found) for name, found in named.items()}, **told}
