"""A module at other points than its own parameters."""

import pytest
import torch
from torch import nn

from xlamaml_allennlp.adaptation import module_of
from xlamaml_allennlp.adaptation.network import Network, Point
from xlamaml_allennlp.adaptation.rows import Rows


def network(module, tables=None):
    return Network(module, [name for name, _ in module.named_parameters()], tables or [])


def test_a_point_moves_by_a_vector_and_the_module_does_not():
    module = nn.Linear(1, 1)
    nn.init.constant_(module.weight, 2.0)
    nn.init.constant_(module.bias, 1.0)
    there = network(module)
    point = there.moved(Point(), {"weight": torch.tensor([[4.0]])}, -0.25)
    values = []
    for at in (Point(), point, there.moved(point, {"weight": torch.tensor([[1.0]])}, 3.0)):
        value, gradient = there.differentiate(lambda net: net(torch.tensor([[10.0]])).sum(), at, ["bias"])
        values.append(value.item())
    assert values == [21.0, 11.0, 41.0]
    assert module.weight.item() == 2.0
    assert list(gradient) == ["bias"]


def test_rows_move_and_the_others_stay():
    module = nn.Embedding(3, 1)
    module.weight.data = torch.tensor([[1.0], [2.0], [3.0]])
    there = network(module, ["weight"])
    point = there.moved(Point(), {"weight": Rows(torch.tensor([1]), torch.tensor([[10.0]]), 3)}, 2.0)
    value, gradient = there.differentiate(lambda net: net(torch.tensor([0, 1, 1])).sum(), point, ["weight"])
    assert value.item() == 1 + 22 + 22
    assert gradient["weight"].dense().flatten().tolist() == [1.0, 2.0, 0.0]


class ReadsItsWords(nn.Module):
    """Output embeddings of its own making."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(3, 1)
        self.words.weight.data = torch.tensor([[1.0], [2.0], [3.0]])

    def forward(self, ids, and_all=True):
        looked_up = self.words(ids).sum()
        return looked_up * self.words.weight.sum() if and_all else looked_up**2 / 2


def rows(gradient):
    return gradient["words.weight"].dense().flatten().tolist()


def test_an_embedding_that_is_read_otherwise_too_gets_the_gradient_of_both():
    # w_1 (w_0 + w_1 + w_2): by w_1 the sum and itself, 6 + 2; by the others w_1 = 2.
    there = network(ReadsItsWords(), ["words.weight"])
    value, gradient = there.differentiate(lambda net: net(torch.tensor([1])), Point(), ["words.weight"])
    assert value.item() == 12.0
    assert gradient["words.weight"].flatten().tolist() == [2.0, 8.0, 2.0]
    assert there.read_whole == {"words.weight"}


def test_rows_and_whole_matrices_move_one_another():
    there = network(ReadsItsWords(), ["words.weight"])
    looking_up = lambda net: net(torch.tensor([1]), and_all=False)  # noqa: E731
    reading = lambda net: net(torch.tensor([1]))  # noqa: E731
    _, by_rows = there.differentiate(looking_up, Point(), ["words.weight"])
    assert rows(by_rows) == [0.0, 2.0, 0.0]
    # 1, 2, 3 -> 1, 4, 3
    point = there.moved(Point(), by_rows, 1.0)
    value, whole = there.differentiate(reading, point, ["words.weight"])
    assert value.item() == 4 * 8
    assert whole["words.weight"].flatten().tolist() == [4.0, 12.0, 4.0]
    # -> 3, 10, 5
    point = there.moved(point, whole, 0.5)
    value, by_rows = there.differentiate(looking_up, point, ["words.weight"])
    assert value.item() == 50.0
    assert rows(by_rows) == [0.0, 10.0, 0.0]
    # -> 3, 20, 5
    point = there.moved(point, by_rows, 1.0)
    assert there.differentiate(reading, point, ["words.weight"])[0].item() == 20 * 28


class LooksUpUnderAnotherName(nn.Module):
    """One embedding under two names, as in the encoders of T5's kind."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(3, 1)
        self.layers = nn.ModuleDict({"words": self.words})

    def forward(self, ids):
        return self.layers["words"](ids).pow(2).sum()


@pytest.mark.parametrize("on_rows", [True, False], ids=["touched rows", "the whole matrix"])
def test_a_module_under_two_names_is_one_and_keeps_its_parameters(on_rows):
    module = LooksUpUnderAnotherName()
    module.words.weight.data = torch.tensor([[1.0], [2.0], [3.0]])
    weight = module.words.weight
    there = network(module, ["words.weight"] if on_rows else None)
    _, vector = there.differentiate(lambda net: net(torch.tensor([1, 1])), Point(), ["words.weight"])
    gradient = vector["words.weight"]
    # d/dw 2 w^2 = 4 w = 8
    assert (gradient.dense() if on_rows else gradient).flatten().tolist() == [0.0, 8.0, 0.0]
    assert module.words.weight is weight


def test_the_module_that_a_network_is_a_view_of_can_be_told():
    module = nn.Linear(1, 1)
    seen = []
    network(module).differentiate(
        lambda net: seen.append(module_of(net)) or net(torch.ones(1, 1)).sum(), Point(), ["weight"]
    )
    assert seen == [module]
    assert module_of(module) is module
