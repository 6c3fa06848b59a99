"""Touched rows against whole matrices."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from xlamaml_allennlp.adaptation import rows
from xlamaml_allennlp.adaptation.rows import Rows, embedding_tables

HEIGHT = 7
numbers = st.integers(-4, 4).map(float)


@st.composite
def some_rows(draw):
    ids = sorted(draw(st.sets(st.integers(0, HEIGHT - 1))))
    values = [[draw(numbers), draw(numbers)] for _ in ids]
    return Rows(torch.tensor(ids, dtype=torch.long), torch.tensor(values).reshape(len(ids), 2), HEIGHT)


@given(some_rows(), some_rows(), numbers)
def test_arithmetic_on_rows_is_that_of_the_whole_matrices(first, second, factor):
    torch.testing.assert_close(first.plus(second, factor).dense(), first.dense() + factor * second.dense())
    torch.testing.assert_close((first * factor).dense(), factor * first.dense())


@given(some_rows(), st.lists(st.integers(0, HEIGHT - 1)))
def test_rows_at_ids_are_those_of_the_whole_matrix(rows, ids):
    wanted = torch.tensor(ids, dtype=torch.long)
    assert torch.equal(rows.at(wanted), rows.dense()[wanted])


@given(st.lists(some_rows(), min_size=1))
def test_a_collection_of_rows_is_their_sum_each_row_once(collection):
    total = Rows.collected([rows.ids for rows in collection], [rows.values for rows in collection], HEIGHT)
    assert total.ids.tolist() == sorted(set(total.ids.tolist()))
    torch.testing.assert_close(total.dense(), sum(rows.dense() for rows in collection))


def test_embeddings_that_do_more_to_their_weight_than_look_rows_up_work_on_the_whole_matrix():
    class Doubling(nn.Embedding):
        def forward(self, input):
            return 2 * super().forward(input)

    module = nn.ModuleDict(
        {
            "plain": nn.Embedding(5, 2),
            "frozen": nn.Embedding(5, 2).requires_grad_(False),
            "renormalising": nn.Embedding(5, 2, max_norm=1.0),
            "by frequency": nn.Embedding(5, 2, scale_grad_by_freq=True),
            "sparse": nn.Embedding(5, 2, sparse=True),
            "doubling": Doubling(5, 2),
            "input": nn.Embedding(5, 2),
            "output": nn.Linear(2, 5),
        }
    )
    module["output"].weight = module["input"].weight
    module["again"] = module["plain"]  # the same module under a second name is still looked up only
    tables, tied = embedding_tables(module)
    assert tables == ["plain.weight", "doubling.weight"]
    assert tied == {"input.weight": ["output.weight"]}


def test_tables_of_positions_and_token_types_are_not_worth_looking_for_rows_in(monkeypatch):
    monkeypatch.undo()
    assert rows.SMALLEST_TABLE == 2**20
    # XLM-R large has 514 positions and one type, of 1,024 numbers each; the smallest vocabulary here has 2**20 entries.
    sizes = {"words": 2**10, "positions": 514, "types": 1}
    module = torch.nn.ModuleDict({name: torch.nn.Embedding(height, 1024) for name, height in sizes.items()})
    assert embedding_tables(module) == (["words.weight"], {})
