"""What stands in for the weight of an embedding during a pass, against the embedding itself."""

import pytest
import torch
from torch import nn
from torch.func import functional_call
from torch.nn.functional import embedding

from xlamaml_allennlp.adaptation.rows import Rows
from xlamaml_allennlp.adaptation.table import Table

HEIGHT = 7


def table_and_weight(shifted=True):
    """A table, and the matrix that it stands for."""
    weight = torch.randn(HEIGHT, 2)
    shift = Rows(torch.tensor([1, 3, 6]), torch.randn(3, 2), HEIGHT) if shifted else None
    return Table(weight, shift), (weight + shift.dense() if shift else weight.clone()).requires_grad_()


@pytest.mark.parametrize("shifted", [True, False])
@pytest.mark.parametrize("padding_idx", [None, 0, 3])
def test_a_lookup_gives_the_embedding_and_its_gradient(padding_idx, shifted):
    table, weight = table_and_weight(shifted)
    module = nn.Embedding(HEIGHT, 2, padding_idx=padding_idx)
    ids, weights = torch.tensor([[3, 1, 5], [5, 5, 3]]), torch.randn(2, 3, 2)

    found, expected = (functional_call(module, {"weight": each}, ids) for each in (table.stand_in(), weight))
    assert torch.equal(found, expected)
    (found * weights).sum().backward()
    (expected * weights).sum().backward()

    ((touched, rows),) = table.rows
    assert touched.tolist() == [1, 3, 5]
    torch.testing.assert_close(Rows(touched, rows.grad, HEIGHT).dense(), weight.grad)
    assert table.whole.grad is None


def test_short_numbers_of_words_adapt_as_long_ones_do():
    table, weight = table_and_weight()
    found = embedding(torch.tensor([3, 6], dtype=torch.int), table.stand_in())
    assert torch.equal(found, weight[[3, 6]])
    ((ids, rows),) = table.rows
    assert Rows(ids, rows, HEIGHT).dense().nonzero()[:, 0].unique().tolist() == [3, 6]


def test_a_padding_row_counted_from_the_end_gets_no_gradient():
    table, _ = table_and_weight()
    embedding(torch.tensor([2, HEIGHT - 1]), table.stand_in(), padding_idx=-1).sum().backward()
    assert table.rows[0][1].grad.tolist() == [[1.0, 1.0], [0.0, 0.0]]


READINGS = {
    "product": lambda weight: torch.ones(3, 2) @ weight.T,
    "function": lambda weight: nn.functional.linear(torch.ones(3, 2), weight),
    "within a list": lambda weight: torch.cat([weight, 2 * weight]) ** 2,
    "slice": lambda weight: weight[1:4] ** 3,
    "lookup with frequencies": lambda weight: embedding(torch.tensor([1, 1, 3]), weight, scale_grad_by_freq=True),
}


@pytest.mark.parametrize("shifted", [True, False])
@pytest.mark.parametrize("read", READINGS.values(), ids=READINGS)
def test_whatever_else_reads_the_weight_reads_the_whole_matrix(read, shifted):
    table, weight = table_and_weight(shifted)
    found, expected = read(table.stand_in()), read(weight)
    torch.testing.assert_close(found, expected)
    found.sum().backward()
    expected.sum().backward()
    torch.testing.assert_close(table.whole.grad, weight.grad)
    assert not table.rows


def test_questions_of_form_are_answered_without_making_the_matrix():
    table, weight = table_and_weight()
    stand_in = table.stand_in()
    asked = lambda tensor: (tensor.shape, tensor.size(0), tensor.dtype, tensor.device, tensor.is_floating_point())  # noqa: E731
    assert asked(stand_in) == asked(weight)
    assert table.was_missed  # by nobody yet, so that whoever gets at it now gets wrong numbers


class Squared(torch.autograd.Function):
    @staticmethod
    def forward(ctx, weight):
        ctx.save_for_backward(weight)
        return weight**2

    @staticmethod
    def backward(ctx, gradient):
        return 2 * ctx.saved_tensors[0] * gradient


@pytest.mark.parametrize("shifted", [True, False])
def test_a_function_that_is_no_torch_function_reads_the_whole_matrix_and_loses_no_gradient(shifted):
    table, weight = table_and_weight(shifted)
    found = Squared.apply(table.stand_in())
    found.sum().backward()
    torch.testing.assert_close(found, weight**2)
    torch.testing.assert_close(table.whole.grad, 2 * weight.detach())


def test_who_reads_without_gradients_first_leaves_them_to_the_next():
    table, weight = table_and_weight()
    stand_in = table.stand_in()
    with torch.no_grad():
        factor = stand_in.sum()
    (stand_in * factor).sum().backward()
    torch.testing.assert_close(table.whole.grad, weight.detach().sum().expand(HEIGHT, 2))
