"""Arithmetic on vectors of the parameter space, in which what is missing is zero."""

import math

import pytest
import torch

from xlamaml_allennlp.adaptation.rows import Rows
from xlamaml_allennlp.adaptation.vector import norm, plus, restricted


def rows(ids, values):
    return Rows(torch.tensor(ids), torch.tensor(values), height=5)


def test_a_sum_holds_what_either_holds_and_empties_both():
    first = {"both": torch.tensor([1.0]), "first": torch.tensor([2.0]), "rows": rows([1], [[1.0]])}
    second = {"second": torch.tensor([3.0]), "both": torch.tensor([4.0]), "rows": rows([0, 1], [[1.0], [1.0]])}
    total = plus(first, second, 0.5)
    assert {name: value.tolist() for name, value in total.items() if name != "rows"} == {
        "both": [3.0],
        "first": [2.0],
        "second": [1.5],
    }
    assert total["rows"].dense().flatten().tolist() == [0.5, 1.5, 0.0, 0.0, 0.0]
    assert not first
    assert not second


def test_a_sum_leaves_tensors_that_others_hold_as_they_are():
    # Autograd may give one tensor as the gradient of two parameters.
    shared = torch.tensor([1.0])
    total = plus({"a": shared, "b": shared}, {"a": torch.tensor([1.0]), "b": torch.tensor([2.0])}, 1.0)
    assert (shared.item(), total["a"].item(), total["b"].item()) == (1.0, 2.0, 3.0)


@pytest.mark.parametrize("spare", ["first", "second"])
def test_a_sum_is_written_over_what_is_spare(spare):
    tensors = {"first": torch.tensor([1.0]), "second": torch.tensor([4.0])}
    total = plus({"a": tensors["first"]}, {"a": tensors["second"]}, 0.5, spare)
    assert total["a"] is tensors[spare]
    assert total["a"].item() == 3.0


def test_the_length_counts_tensors_and_rows():
    vector = {"tensor": torch.tensor([[2.0, 0.0]]), "rows": rows([3, 4], [[2.0], [1.0]])}
    assert norm(vector) == pytest.approx(3.0)
    assert norm({}) == 0.0
    assert math.isnan(norm({"tensor": torch.tensor([float("nan")])}))


def test_a_vector_is_restricted_by_name():
    vector = {"a": torch.tensor([1.0]), "b": torch.tensor([2.0])}
    assert list(restricted(vector, ["b", "c"])) == ["b"]
    assert list(vector) == ["a", "b"]
