"""Tables in Arrow files, read a value at a time."""

import os
import struct
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, Optional

import numpy as np
import pyarrow as pa

from xlamaml_allennlp.caching.columns import BATCH, to_text

# Where the values of a row begin and where they end.
_OFFSETS = struct.Struct("<qq")


class Table:
    """
    The rows that a `TableWriter` wrote, read where they lie: from the system's pages of the file, which all processes
    share.

    # Parameters

    path : `Path`
        The file.
    is_mapped : `bool`, optional (default = `True`)
        Whether the pages become a part of this process's memory, which makes reading faster. Of a file that is larger
        than its processes should seem, they had better not: rows that are drawn by chance soon touch all pages.
    """

    def __init__(self, path: Path, is_mapped: bool = True) -> None:
        with pa.memory_map(str(path)) as file:
            whole = file.read_buffer()
            with pa.ipc.open_file(file) as batches_of:
                batches = [batches_of.get_batch(number) for number in range(batches_of.num_record_batches)]
            self._columns = {
                name: [_Place.of(batch.column(name), whole.address) for batch in batches]
                for name in batches[0].schema.names
            }
            self._length = sum(batch.num_rows for batch in batches)
            self._path, self._mapped = path, memoryview(whole) if is_mapped else None
        if not is_mapped:
            self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            weakref.finalize(self, os.close, self._file)

    def __len__(self) -> int:
        return self._length

    def row(self, number: int) -> dict[str, Any]:
        """
        One row: integers, bytes, and arrays that are not to be changed.

        # Parameters

        number : `int`
            Which.
        """
        return {name: self._value(name, number) for name in self._columns}

    def text(self, number: int, name: str) -> str:
        """The text in one column of one row."""
        return to_text(self._value(name, number))

    def _value(self, name: str, number: int) -> Any:
        if not 0 <= number < self._length:
            raise IndexError(f"{self._path} has {self._length} rows, of which {number} is none")
        batch, row = divmod(number, BATCH)
        values, dtype, offsets = self._columns[name][batch]
        if offsets is None:
            return int(np.frombuffer(self._read(values + 8 * row, 8), dtype)[0])
        first, end = _OFFSETS.unpack(self._read(offsets + 8 * row, _OFFSETS.size))
        if dtype is None:
            return self._read(values + first, end - first)
        return np.frombuffer(self._read(values + dtype.itemsize * first, dtype.itemsize * (end - first)), dtype)

    def _read(self, start: int, size: int) -> bytes:
        if self._mapped is not None:
            return bytes(self._mapped[start : start + size])
        found = os.pread(self._file, size, start)
        if len(found) < size:
            raise OSError(f"{self._path} was cut short while it was read.")
        return found


class Texts(Sequence[str]):
    """
    A column of bytes as texts.

    # Parameters

    table : `Table`
        The table.
    name : `str`
        The column.
    """

    def __init__(self, table: Table, name: str) -> None:
        self._table, self._name = table, name

    def __len__(self) -> int:
        return len(self._table)

    def __getitem__(self, number: Any) -> Any:
        return self._table.text(int(number), self._name)


class _Place(NamedTuple):
    """Where a column of a batch lies in the file: its values, their type, and where in them each row's begin."""

    values: int
    dtype: Optional[np.dtype]
    offsets: Optional[int]

    @classmethod
    def of(cls, column: pa.Array, start: int) -> "_Place":
        """The place of a column that lies in memory, in a file that begins at `start` there."""
        places = [buffer.address - start if buffer else 0 for buffer in column.buffers()]  # of an empty one: anything
        if pa.types.is_large_binary(column.type):
            return cls(places[2], None, places[1])
        if pa.types.is_large_list(column.type):
            return cls(places[3], np.dtype(column.type.value_type.to_pandas_dtype()), places[1])
        return cls(places[1], np.dtype(np.int64), None)
