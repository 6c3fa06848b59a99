import os
from pathlib import Path

import numpy as np
import pytest

from xlamaml_allennlp.caching.columns import BATCH, TableWriter, to_bytes
from xlamaml_allennlp.caching.table import Table, Texts


def written(path: Path, rows, is_mapped=True) -> Table:
    writer = TableWriter(path)
    for row in rows:
        writer.add(row)
    writer.close()
    return Table(path, is_mapped)


@pytest.mark.parametrize("is_mapped", [True, False])
@pytest.mark.parametrize("count", [1, BATCH - 1, BATCH, 2 * BATCH + 3])
def test_rows_come_back_from_any_batch(tmp_path, count, is_mapped):
    rows = [{"n": n, "text": to_bytes(f"text {n}"), "ids": np.arange(n % 3, dtype=np.int32)} for n in range(count)]
    table = written(tmp_path / "rows.arrow", rows, is_mapped)
    assert len(table) == count
    for number in {0, count // 2, count - 1}:
        row = table.row(number)
        assert (row["n"], row["text"], row["ids"].tolist()) == (number, b"text %d" % number, list(range(number % 3)))
        assert row["ids"].dtype == np.int32


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


@pytest.mark.parametrize("is_mapped", [True, False])
def test_only_a_table_that_is_mapped_is_counted_as_memory(tmp_path, is_mapped):
    table = written(tmp_path / "rows.arrow", [{"n": n, "text": b"text"} for n in range(100)], is_mapped)
    assert [table.row(n)["n"] for n in range(len(table))] == list(range(100))
    assert (str(tmp_path) in Path("/proc/self/maps").read_text()) == is_mapped


@pytest.mark.parametrize("number", [-1, 3])
def test_a_row_that_is_not_there_is_an_error(tmp_path, number):
    with pytest.raises(IndexError, match="has 3 rows"):
        written(tmp_path / "rows.arrow", [{"n": n} for n in range(3)]).row(number)


def test_a_file_that_is_cut_while_it_is_read_is_an_error(tmp_path):
    table = written(tmp_path / "rows.arrow", [{"text": b"text"}], is_mapped=False)
    os.truncate(tmp_path / "rows.arrow", 8)
    with pytest.raises(OSError, match="arrow was cut short"):
        table.row(0)


def test_a_table_that_nobody_needs_lets_go_of_its_file(tmp_path):
    before = len(os.listdir("/proc/self/fd"))
    table = written(tmp_path / "rows.arrow", [{"n": 1}], is_mapped=False)
    assert len(os.listdir("/proc/self/fd")) == before + 1
    del table
    assert len(os.listdir("/proc/self/fd")) == before
