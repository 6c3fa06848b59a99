"""Tables as Arrow files, written a batch at a time, and arrays as Arrow files, read where they lie."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Union

import numpy as np
import pyarrow as pa

# Rows of a batch, all but the last: where a row is follows from its number.
BATCH = 8192

Value = Union[int, bytes, np.ndarray]


class TableWriter:
    """
    Writes rows to an Arrow file. The first row says which columns there are: integers, bytes, or one-dimensional arrays
    of integers.

    # Parameters

    path : `Path`
        The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: dict[str, list[Any]] = {}
        self._waiting = 0
        self._file: Any = None

    def add(self, row: Mapping[str, Value]) -> None:
        """Adds a row; raises a `ValueError` if its columns are not those of the first one."""
        if self._file is None and not self._rows:
            self._rows = {name: [] for name in row}
        if row.keys() != self._rows.keys():
            raise ValueError(f"A row has the columns {', '.join(row)}, and the first one {', '.join(self._rows)}.")
        for name, values in self._rows.items():
            values.append(row[name])
        self._waiting += 1
        if self._waiting == BATCH:
            self._flush()

    def close(self) -> None:
        """Writes what waits, and the end of the file."""
        if self._waiting or self._file is None:
            self._flush()
        self._file.close()

    def _flush(self) -> None:
        arrays = {name: _to_arrow(values) for name, values in self._rows.items()}
        batch = pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays))
        if self._file is None:
            self._file = pa.ipc.new_file(str(self._path), batch.schema)
        self._file.write_batch(batch)
        self._rows = {name: [] for name in self._rows}
        self._waiting = 0


def write_numbers(path: Path, columns: Mapping[str, np.ndarray]) -> None:
    """
    Writes arrays of one length to an Arrow file, each in one piece.

    # Parameters

    path : `Path`
        The file.
    columns : `Mapping[str, np.ndarray]`
        The arrays by name.
    """
    batch = pa.RecordBatch.from_arrays([pa.array(column) for column in columns.values()], names=list(columns))
    with pa.ipc.new_file(str(path), batch.schema) as file:
        file.write_batch(batch)


def read_numbers(path: Path) -> dict[str, np.ndarray]:
    """The arrays that `write_numbers` wrote, where they lie."""
    with pa.ipc.open_file(pa.memory_map(str(path))) as file:
        batch = file.get_batch(0)
    return {name: batch.column(name).to_numpy() for name in batch.schema.names}


def to_bytes(text: str) -> bytes:
    """A text as bytes: any text, halves of characters as JSON can hold them included."""
    return text.encode("utf-8", "surrogatepass")


def to_text(content: bytes) -> str:
    """The text that `to_bytes` made bytes of."""
    return content.decode("utf-8", "surrogatepass")


def _to_arrow(values: Sequence[Any]) -> pa.Array:
    first = values[0] if values else 0
    if isinstance(first, bytes):
        return pa.array(values, type=pa.large_binary())
    if isinstance(first, np.ndarray):
        offsets = np.zeros(len(values) + 1, dtype=np.int64)
        np.cumsum([len(value) for value in values], out=offsets[1:])
        flat = np.concatenate(values)
        return pa.LargeListArray.from_arrays(pa.array(offsets), pa.array(flat))
    return pa.array(values, type=pa.int64())
