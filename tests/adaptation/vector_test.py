"""Arithmetic on vectors of the parameter space, in which what is missing is zero."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from xlamaml_allennlp.adaptation.rows import Rows
from xlamaml_allennlp.adaptation.vector import Vector, norm_of, own

numbers = st.lists(st.integers(-4, 4).map(float), min_size=5, max_size=5)


def rows(ids, values):
    return Rows(torch.tensor(ids), torch.tensor(values), height=5)


def matrix(part):
    return part.dense() if isinstance(part, Rows) else part


def test_a_sum_holds_what_either_holds():
    total = Vector({"both": torch.tensor([1.0]), "first": torch.tensor([2.0])})
    total.add_(Vector({"second": torch.tensor([3.0]), "both": torch.tensor([4.0])}), 0.5)
    assert {name: part.tolist() for name, part in total.items()} == {"both": [3.0], "first": [2.0], "second": [1.5]}


def some_part(values, whole):
    part = torch.tensor(values).unsqueeze(1)
    return part if whole else Rows(torch.tensor([1, 3]), part[[1, 3]].clone(), height=5)


@given(numbers, st.booleans(), numbers, st.booleans(), st.sampled_from([-1.0, 0.5, 1.0]))
def test_rows_and_whole_matrices_add_up_alike_and_what_is_added_stays_as_it_is(one, one_whole, other, whole, alpha):
    vector, added = Vector({"words": some_part(one, one_whole)}), Vector({"words": some_part(other, whole)})
    expected = matrix(vector["words"]) + alpha * matrix(added["words"])
    before = matrix(added["words"]).clone()
    vector.add_(added, alpha)
    assert torch.equal(matrix(vector["words"]), expected)
    assert torch.equal(matrix(added["words"]), before)


def test_what_was_added_may_change_afterwards_without_changing_the_sum():
    added = Vector({"whole": torch.tensor([1.0]), "rows": rows([2], [[1.0]])})
    total = Vector().add_(added, 1.0)
    added.scale_(10.0)
    assert (total["whole"].item(), total["rows"].values.item()) == (1.0, 1.0)
    assert (added["whole"].item(), added["rows"].values.item()) == (10.0, 10.0)


def test_the_length_counts_tensors_and_rows_of_the_parameters_asked_for():
    vector = Vector({"tensor": torch.tensor([[2.0, 0.0]]), "rows": rows([3, 4], [[2.0], [1.0]])})
    assert norm_of(vector, vector) == pytest.approx(3.0)
    assert norm_of(vector, ["tensor", "of another"]) == pytest.approx(2.0)
    assert norm_of(Vector(), ["tensor"]) == 0.0
    assert math.isnan(norm_of(Vector({"tensor": torch.tensor([float("nan")])}), ["tensor"]))


def add_to_the_first(values):
    """What the others are after the first has changed."""
    values[0].add_(100)
    return [value.tolist() for value in values[1:]]


def test_gradients_that_autograd_puts_on_one_memory_are_taken_apart():
    tensor = torch.tensor([1.0, 2.0])
    leaves = [torch.zeros(2), torch.zeros(2), torch.zeros(2, 1), torch.zeros(2)]
    shared = [tensor, tensor, tensor.view(2, 1), torch.ones(1).expand(2)]
    assert add_to_the_first(own(shared, leaves)) == [[1.0, 2.0], [[1.0], [2.0]], [1.0, 1.0]]


def test_what_autograd_was_given_is_not_written_over():
    given, leaf = torch.tensor([1.0]), torch.tensor([5.0])
    for found in (given, leaf):
        (gradient,) = own([found], [leaf], [given])
        gradient.add_(100)
    assert (given.item(), leaf.item()) == (1.0, 5.0)


def test_part_of_a_longer_tensor_and_another_layout_are_copied_as_the_leaf_is_laid_out():
    leaf = torch.zeros(2, 3)
    for found in (torch.arange(12.0)[:6].view(2, 3), torch.arange(6.0).view(3, 2).t()):
        (gradient,) = own([found], [leaf])
        assert torch.equal(gradient, found)
        assert gradient.is_contiguous()
        assert gradient.untyped_storage().nbytes() == 6 * 4


def test_a_gradient_made_for_its_leaf_alone_is_not_copied():
    gradient = torch.ones(3)
    assert own([gradient], [torch.zeros(3)])[0] is gradient
