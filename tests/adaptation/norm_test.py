"""The one Euclidean norm."""

import math

import pytest
import torch

from xlamaml_allennlp.adaptation import euclidean_norm


def test_it_is_that_of_all_tensors_together():
    # 1 + 4 + 4 = 3^2, and 3^2 + 4^2 = 5^2
    tensors = [torch.tensor([[1.0, 2.0], [0.0, 2.0]]), torch.tensor(4.0, dtype=torch.float64)]
    assert euclidean_norm(tensors) == pytest.approx(5.0)
    assert euclidean_norm(iter(())) == 0.0


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_finite_stays_so(value):
    assert not math.isfinite(euclidean_norm([torch.ones(2), torch.tensor([value])]))


def test_a_length_that_float32_cannot_square_is_finite():
    assert euclidean_norm([torch.tensor([3e25]), torch.tensor([4e25])]) == pytest.approx(5e25)
