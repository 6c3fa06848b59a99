"""A module at other points than its own parameters."""

import pytest
import torch
from torch import nn

from xlamaml_allennlp.adaptation.network import Network, Point, ReadOutsideLookup
from xlamaml_allennlp.adaptation.rows import Rows


def network(module, tables=None):
    return Network(module, [name for name, _ in module.named_parameters()], tables or {})


def test_a_point_moves_by_a_vector_and_the_module_does_not():
    module = nn.Linear(1, 1)
    nn.init.constant_(module.weight, 2.0)
    nn.init.constant_(module.bias, 1.0)
    there = network(module)
    point = there.moved(Point(), {"weight": torch.tensor([[4.0]])}, -0.25)
    values = []
    for at in (Point(), point, there.moved(point, {"weight": torch.tensor([[1.0]])}, 3.0)):
        outcome = there.differentiate(lambda net: net(torch.tensor([[10.0]])).sum(), at, ["bias"])
        values.append(outcome.loss.item())
    assert values == [21.0, 11.0, 41.0]
    assert module.weight.item() == 2.0
    assert list(outcome.gradient()) == ["bias"]


def test_rows_move_and_the_others_stay():
    module = nn.Embedding(3, 1)
    module.weight.data = torch.tensor([[1.0], [2.0], [3.0]])
    there = network(module, {"weight": module})
    point = there.moved(Point(), {"weight": Rows(torch.tensor([1]), torch.tensor([[10.0]]), 3)}, 2.0)
    outcome = there.differentiate(lambda net: net(torch.tensor([0, 1, 1])).sum(), point, ["weight"])
    assert outcome.loss.item() == 1 + 22 + 22
    assert outcome.gradient()["weight"].dense().flatten().tolist() == [1.0, 2.0, 0.0]


class ReadsItsWords(nn.Module):
    """Output embeddings of its own making."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(3, 1)
        self.layer = nn.Linear(1, 1)

    def forward(self, ids):
        return (self.layer(self.words(ids)) @ self.words.weight.T).sum()


def test_an_embedding_read_otherwise_is_noticed_even_where_it_does_not_adapt():
    module = ReadsItsWords()
    there = network(module, {"words.weight": module.words})
    with pytest.raises(ReadOutsideLookup, match=r"words\.weight"):
        there.differentiate(lambda net: net(torch.tensor([0])), Point(), ["layer.weight"])


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
    there = network(module, {"words.weight": module.words} if on_rows else None)
    outcome = there.differentiate(lambda net: net(torch.tensor([1, 1])), Point(), ["words.weight"])
    gradient = outcome.gradient()["words.weight"]
    # d/dw 2 w^2 = 4 w = 8
    assert (gradient.dense() if on_rows else gradient).flatten().tolist() == [0.0, 8.0, 0.0]
    assert module.words.weight is weight
