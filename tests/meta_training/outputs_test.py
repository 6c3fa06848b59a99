"""Outputs for parts of a batch, put together."""

from itertools import accumulate
from typing import Any, NamedTuple

import pytest
import torch
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.meta_training.outputs import join_outputs, without_graphs


def joined(*values: Any, sizes: tuple[int, ...] = (2, 1)) -> Any:
    ends = list(accumulate(sizes))
    return join_outputs([{"it": value} for value in values], list(map(range, [0, *ends], ends)))["it"]


def test_what_has_an_entry_per_instance_is_concatenated():
    assert joined(torch.tensor([[1.0], [2.0]]), torch.tensor([[3.0]])).tolist() == [[1.0], [2.0], [3.0]]
    assert joined(["a", "b"], ["c"]) == ["a", "b", "c"]
    assert joined({"x": torch.tensor([1, 2])}, {"x": torch.tensor([3])})["x"].tolist() == [1, 2, 3]


def test_what_has_an_entry_per_instance_goes_where_the_instances_stand():
    parts = [{"it": torch.tensor([10, 30]), "id": ["b", "d"]}, {"it": torch.tensor([0, 20]), "id": ["a", "c"]}]
    found = join_outputs(parts, [[1, 3], [0, 2]])
    assert found["it"].tolist() == [0, 10, 20, 30]
    assert found["id"] == ["a", "b", "c", "d"]


def test_parts_that_are_padded_to_their_own_lengths_are_filled_up():
    never = -torch.inf
    assert joined(torch.tensor([[1, 2], [3, 4]]), torch.tensor([[5]])).tolist() == [[1, 2], [3, 4], [5, 0]]
    assert joined(torch.tensor([[1.0]]), torch.tensor([[2.0, 3.0]]), sizes=(1, 1)).tolist() == [[1.0, 0.0], [2.0, 3.0]]
    # What may not be chosen within a window may not be chosen after it.
    scores = joined(torch.tensor([[never, 1.0]]), torch.tensor([[never, 2.0, 3.0]]), sizes=(1, 1))
    assert scores.tolist() == [[never, 1.0, never], [never, 2.0, 3.0]]


@pytest.mark.parametrize("make", [int, torch.tensor])
def test_counts_add_up(make):
    total = joined(make(2), make(1))
    assert total == 3
    assert type(total) is type(make(2))


@pytest.mark.parametrize("make", [float, torch.tensor])
def test_a_loss_is_the_mean_weighted_by_the_shares_of_the_parts(make):
    # (2 * 1.5 + 1 * 6) / 3
    assert float(joined(make(1.5), make(6.0))) == pytest.approx(3.0)


NAMES = ["entailment", "neutral"]


@pytest.mark.parametrize("value", [NAMES, tuple(NAMES), torch.tensor([1, 2]), {"of": NAMES}])
def test_the_models_own_object_stays_also_where_it_is_as_long_as_every_part(value):
    outputs = [without_graphs({"it": value}) for _ in range(2)]
    assert join_outputs(outputs, [[0, 1], [2, 3]]) == {"it": value}


def test_the_models_own_parameter_stays():
    weight = torch.nn.Parameter(torch.ones(2, 3))
    outputs = [without_graphs({"it": weight}) for _ in range(2)]
    assert join_outputs(outputs, [[0, 1], [2, 3]])["it"].shape == (2, 3)


def test_predictions_that_are_equal_in_all_parts_are_still_one_per_instance():
    assert joined(["yes", "no"], ["yes", "no"], sizes=(2, 2)) == ["yes", "no", "yes", "no"]
    assert joined(torch.tensor([1, 0]), torch.tensor([1, 0]), sizes=(2, 2)).tolist() == [1, 0, 1, 0]
    assert joined([], [], sizes=(0, 0)) == []


def test_a_count_that_is_no_whole_number_is_taken_for_a_mean():
    # Of parts of two instances and of one: counted 2 and 1, which is (2 * 2 + 1 * 1) / 3 on average.
    assert joined(2.0, 1.0) == pytest.approx(5 / 3)
    assert joined(2, 1) == 3


class Pair(NamedTuple):
    scores: torch.Tensor
    name: str


def test_no_graph_stays_wherever_a_tensor_is():
    weight = torch.ones(2, requires_grad=True)
    made = {"it": [2 * weight, (3 * weight, Pair(4 * weight, "four"))], "one": weight.sum()}
    found = without_graphs(made)
    assert found["it"][0].tolist() == [2.0, 2.0]
    assert found["it"][1][1] == Pair(found["it"][1][1].scores, "four")
    tensors = [found["one"], found["it"][0], found["it"][1][0], found["it"][1][1].scores]
    assert not any(tensor.requires_grad for tensor in tensors)
    assert made["it"][0].requires_grad


@pytest.mark.parametrize("value", ["name", None, True, torch.tensor(True), torch.tensor([1.0, 2.0, 3.0, 4.0])])
def test_what_is_the_same_for_all_parts_stays(value):
    assert joined(value, value) is value


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (torch.ones(2, 3), torch.ones(1, 3, 1)),
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
        join_outputs([{"it": torch.tensor(1.0)}, {}], [[0], [1]])
    with pytest.raises(ConfigurationError, match='output "it"'):
        join_outputs([{}, {"it": torch.tensor(1.0)}], [[0], [1]])


def test_an_output_within_a_mapping_that_only_a_later_part_has_is_not_lost():
    one, other = {"x": torch.tensor([1, 2])}, {"x": torch.tensor([3]), "y": torch.tensor([4])}
    for values, sizes in (((one, other), (2, 1)), ((other, one), (1, 2))):
        with pytest.raises(ConfigurationError, match=r'output "it.y" of parts'):
            joined(*values, sizes=sizes)
