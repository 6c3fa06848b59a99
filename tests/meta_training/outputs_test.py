"""Outputs for parts of a batch, put together."""

from typing import Any

import pytest
import torch
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.meta_training.outputs import join_outputs


def joined(*values: Any, sizes: tuple[int, ...] = (2, 1)) -> Any:
    return join_outputs([{"it": value} for value in values], sizes)["it"]


def test_what_has_an_entry_per_instance_is_concatenated():
    assert joined(torch.tensor([[1.0], [2.0]]), torch.tensor([[3.0]])).tolist() == [[1.0], [2.0], [3.0]]
    assert joined(["a", "b"], ["c"]) == ["a", "b", "c"]
    assert joined({"x": torch.tensor([1, 2])}, {"x": torch.tensor([3])})["x"].tolist() == [1, 2, 3]


@pytest.mark.parametrize("make", [int, torch.tensor])
def test_counts_add_up(make):
    total = joined(make(2), make(1))
    assert total == 3
    assert type(total) is type(make(2))


@pytest.mark.parametrize("make", [float, torch.tensor])
def test_a_loss_is_the_mean_weighted_by_the_shares_of_the_parts(make):
    # (2 * 1.5 + 1 * 6) / 3
    assert float(joined(make(1.5), make(6.0))) == pytest.approx(3.0)


@pytest.mark.parametrize("value", ["name", None, True, torch.tensor(True), torch.tensor([1.0, 2.0, 3.0, 4.0])])
def test_what_is_the_same_for_all_parts_stays(value):
    assert joined(value, value) is value


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (torch.ones(2, 3), torch.ones(1, 4)),  # as wide as the longest of the part
        (torch.ones(4), torch.zeros(4)),
        (["a"], ["b"]),
        ("a", "b"),
        (torch.tensor(1.0), None),
    ],
)
def test_what_cannot_be_put_together_is_an_error_that_names_it(first, second):
    with pytest.raises(ConfigurationError, match=r'output "it" of parts of 2, 1 instances .* micro_batch_size to null'):
        joined(first, second)


def test_an_output_of_some_parts_only_is_an_error():
    with pytest.raises(ConfigurationError, match='output "it"'):
        join_outputs([{"it": torch.tensor(1.0)}, {}], [1, 1])
    with pytest.raises(ConfigurationError, match='output "it"'):
        join_outputs([{}, {"it": torch.tensor(1.0)}], [1, 1])
