import numpy as np
import pytest

from xlamaml_allennlp.caching.columns import TableWriter, read_numbers, write_numbers


@pytest.mark.parametrize("other", [{"n": 1, "more": 2}, {}, {"m": 1}])
def test_a_row_of_other_columns_is_refused(tmp_path, other):
    writer = TableWriter(tmp_path / "rows.arrow")
    writer.add({"n": 1})
    with pytest.raises(ValueError, match="and the first one n"):
        writer.add(other)


def test_numbers_are_in_one_piece(tmp_path):
    columns = {"a": np.arange(5, dtype=np.int32), "b": np.arange(5, dtype=np.int64) * 2**40}
    write_numbers(tmp_path / "numbers.arrow", columns)
    found = read_numbers(tmp_path / "numbers.arrow")
    assert {name: (column.dtype, column.tolist()) for name, column in found.items()} == {
        name: (column.dtype, column.tolist()) for name, column in columns.items()
    }
