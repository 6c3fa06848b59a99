from pathlib import Path

import numpy as np
import pytest

from xlamaml_allennlp.caching.columns import BATCH, Table, TableWriter, Texts, read_numbers, to_bytes, write_numbers


def written(path: Path, rows) -> Table:
    writer = TableWriter(path)
    for row in rows:
        writer.add(row)
    writer.close()
    return Table(path)


@pytest.mark.parametrize("count", [1, BATCH - 1, BATCH, 2 * BATCH + 3])
def test_rows_come_back_from_any_batch(tmp_path, count):
    rows = [{"n": n, "text": to_bytes(f"text {n}"), "ids": np.arange(n % 3, dtype=np.int32)} for n in range(count)]
    table = written(tmp_path / "rows.arrow", rows)
    assert len(table) == count
    for number in {0, count // 2, count - 1}:
        row = table.row(number)
        assert (row["n"], row["text"], row["ids"].tolist()) == (number, b"text %d" % number, list(range(number % 3)))
        assert row["ids"].dtype == np.int32


@pytest.mark.parametrize("other", [{"n": 1, "more": 2}, {}, {"m": 1}])
def test_a_row_of_other_columns_is_refused(tmp_path, other):
    with pytest.raises(ValueError, match="and the first one n"):
        written(tmp_path / "rows.arrow", [{"n": 1}, other])


def test_a_table_may_have_no_rows(tmp_path):
    assert len(written(tmp_path / "none.arrow", [])) == 0


def test_halves_of_characters_and_empty_texts_are_texts(tmp_path):
    texts = ["", "half \ud800", "नमस्ते"]
    table = written(tmp_path / "texts.arrow", [{"id": to_bytes(text)} for text in texts])
    assert list(Texts(table, "id")) == texts


def test_what_is_kept_cannot_be_changed(tmp_path):
    ids = written(tmp_path / "ids.arrow", [{"ids": np.arange(3)}]).row(0)["ids"]
    with pytest.raises(ValueError):
        ids[0] = 7


def test_numbers_are_in_one_piece(tmp_path):
    columns = {"a": np.arange(5, dtype=np.int32), "b": np.arange(5, dtype=np.int64) * 2**40}
    write_numbers(tmp_path / "numbers.arrow", columns)
    found = read_numbers(tmp_path / "numbers.arrow")
    assert {name: (column.dtype, column.tolist()) for name, column in found.items()} == {
        name: (column.dtype, column.tolist()) for name, column in columns.items()
    }
