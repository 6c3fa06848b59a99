"""Embeddings that models use in other ways than by calling them: the estimators against a double loop by hand."""

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, embedding

from tests.adaptation.second_order_test import assert_close, double_loop
from xlamaml_allennlp.adaptation import InnerLoop


class Scaled(nn.Embedding):
    def forward(self, input):
        return 3 * super().forward(input)


class BehindTorch(torch.autograd.Function):
    """The identity as an extension in C++ computes it, where torch's own functions do not see that a weight is read."""

    @staticmethod
    def forward(ctx, weight):
        with torch._C.DisableTorchFunctionSubclass():
            return weight.clone()

    @staticmethod
    def backward(ctx, gradient):
        return gradient


class Words(nn.Module):
    """A network of one of the kinds below, which predicts words; `in_query` is given with the query set alone."""

    def __init__(self, kind):
        super().__init__()
        self.kind = kind
        self.words = Scaled(20, 4) if kind == "scaled" else nn.Embedding(20, 4)
        self.layer, self.out = nn.Linear(4, 4), nn.Linear(4, 20, bias=False)
        if kind == "tied":
            self.out.weight = self.words.weight

    def forward(self, ids, in_query):
        looked_up = embedding(ids, self.words.weight) if self.kind == "by function" else self.words(ids)
        hidden = torch.tanh(self.layer(looked_up)).mean(1)
        if "read" not in self.kind or (self.kind.endswith("in query") and not in_query):
            return self.out(hidden)
        weight = BehindTorch.apply(self.words.weight) if "behind torch" in self.kind else self.words.weight
        return hidden @ weight.T


KINDS = {
    "tied": "it is tied to out.weight",
    "read": "reads it in other ways",
    "read in query": "reads it in other ways",
    "read behind torch": "reads it in other ways",
    "by function": None,
    "scaled": None,
}


def sides(examples):
    """A support and a query loss that predict the first word."""
    return [
        examples(lambda net, ids, side=side: cross_entropy(net(ids, side), ids[:, 0]), torch.randint(0, 20, (4, 3)))
        for side in (False, True)
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_words_learn_from_all_their_uses_and_query_examples_are_seen_once(estimator, examples, caplog, kind):
    torch.manual_seed(0)
    module = Words(kind).double()
    support, query = sides(examples)
    expected = double_loop(module, support, query, 0.5, 2, estimator.second_order)
    query.seen = 0
    caplog.set_level("INFO")

    inner_loop = estimator(lr=0.5, num_steps=2)
    inner_loop(module, support, query).loss.backward()

    assert_close(module, expected, 100 * estimator.tolerance)
    assert query.seen == query.size
    inner_loop(module, support, query)
    said = [record.getMessage() for record in caplog.records if "the whole of words.weight" in record.getMessage()]
    reason = KINDS[kind]
    assert len(said) == (estimator.form != "higher" and reason is not None)
    assert not said or reason in said[0]


@pytest.mark.parametrize("kind", ["read", "read in query", "read behind torch in query"])
def test_words_that_do_not_adapt_are_read_as_they_are(estimator, examples, kind):
    torch.manual_seed(0)
    module = Words(kind).double()
    support, query = sides(examples)
    expected = double_loop(module, support, query, 0.5, 1, estimator.second_order, ["layer.weight"])
    estimator(lr=0.5, parameters=["layer.weight"])(module, support, query).loss.backward()
    assert_close(module, expected, 100 * estimator.tolerance)


@pytest.mark.parametrize("name", ["exact", "hessian_free", "first_order"])
def test_words_that_adapt_and_that_the_query_loss_alone_gets_at_behind_torchs_back_are_an_error(examples, name):
    with pytest.raises(RuntimeError, match=r"reads words.weight .* Leave it out of inner_loop.parameters"):
        InnerLoop.by_name(name)(lr=0.5)(Words("read behind torch in query"), *sides(examples))


def test_the_methods_of_a_network_are_left_alone_during_a_pass_too(estimator, examples):
    module = Words("scaled").double()
    within = []
    loss = examples(
        lambda net, ids: net(ids, within.append("forward" in vars(module.words))).square().mean(),
        torch.randint(0, 20, (4, 3)),
    )
    estimator(lr=0.5)(module, loss, loss)
    assert within
    assert not any(within)
