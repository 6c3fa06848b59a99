"""Which rows became which instances, and what of them a worker has."""

from itertools import islice
from typing import NamedTuple

import numpy as np
import pytest

from xlamaml_allennlp.languages.items import Items, dealt
from xlamaml_allennlp.languages.tag import Tag


class Row(NamedTuple):
    number: int
    language: str


def test_instances_find_their_rows_where_some_become_none_and_some_become_several():
    items = Items()
    # Of each row of the first file two languages; two files, whose rows have the same numbers.
    given = [("a", Row(number, language)) for number in (1, 2) for language in ("en", "hi")]
    given += [("b", Row(1, "en")), ("b", Row(2, "en"))]
    assert list(items.share(given[:4])) == given[:4]
    assert list(items.share(given[4:])) == given[4:]
    # "hi" of row 1 of "a" and row 1 of "b" become nothing, row 2 of "a" in "en" two windows.
    met = [("a", 1, "en"), ("a", 2, "en"), ("a", 2, "en"), ("a", 2, "hi"), ("b", 2, "en")]
    assert [items.number(Tag(of, "id", "group", None, path, row)) for path, row, of in met] == [0, 2, 2, 3, 5]
    assert items.counts == [4, 2]


@pytest.mark.parametrize(
    ("rank", "expected"),
    # Rows 0 and 2 of the first call and 4 of the second are the first worker's; 1, 3, and 5 the other's.
    [(0, [0, 1, 2]), (1, [3, 4])],
)
def test_a_worker_has_what_became_of_its_rows(rank, expected):
    numbers = np.array([0, 2, 2, 3, 5])
    assert list(dealt([4, 2], numbers, lambda rows: islice(rows, rank, None, 2))) == expected


def test_where_each_row_became_one_instance_their_numbers_are_the_rows():
    assert list(dealt([4, 3], None, lambda rows: islice(rows, 1, None, 2))) == [1, 3, 5]
