"""Every estimator in every form it has, and losses over examples that can be taken apart."""

from typing import Any

import pytest
import torch
from allennlp.common import Params
from torch import nn
from torch.nn.functional import cross_entropy
from transformers import BertForSequenceClassification, XLMRobertaForSequenceClassification

from xlamaml_allennlp.adaptation import InnerLoop, rows

FORMS: dict[str, dict[str, Any]] = {
    "higher": {"type": "higher"},
    "exact": {"type": "exact"},
    "exact in micro-batches": {"type": "exact", "micro_batch_size": 2},
    "hessian_free forward": {"type": "hessian_free", "scheme": "forward", "relative_step": 1e-8},
    "hessian_free central": {"type": "hessian_free", "scheme": "central", "relative_step": 1e-5},
    "hessian_free in micro-batches": {"type": "hessian_free", "micro_batch_size": 2, "relative_step": 1e-8},
    "first_order": {"type": "first_order"},
    "first_order in micro-batches": {"type": "first_order", "micro_batch_size": 2},
}


@pytest.fixture(autouse=True)
def tables_of_any_size(monkeypatch):
    """Lets the small vocabularies of these tests be worked on by touched rows, as large ones are."""
    monkeypatch.setattr(rows, "SMALLEST_TABLE", 0)


class Estimator:
    """One form of an estimator, and what may be asked of it in float64."""

    def __init__(self, form: str) -> None:
        self.form = form
        self.type = FORMS[form]["type"]
        self.second_order = self.type != "first_order"
        # Differences of gradients of size 1 over 1e-8 keep eight of sixteen digits.
        self.tolerance = 1e-6 if self.type == "hessian_free" else 1e-10

    def __call__(self, **keys) -> InnerLoop:
        return InnerLoop.from_params(Params({**FORMS[self.form], **keys}))


class Examples:
    """The mean over examples of a loss; a `BatchLoss`."""

    def __init__(self, function, *tensors) -> None:
        self.function = function
        self.tensors = tensors
        self.seen = 0

    @property
    def size(self):
        return len(self.tensors[0])

    def __call__(self, net):
        self.seen += self.size
        return self.function(net, *self.tensors)

    def split(self, micro_batch_size):
        def part(start):
            some = [tensor[start : start + micro_batch_size] for tensor in self.tensors]

            def loss(net):
                self.seen += len(some[0])
                return self.function(net, *some)

            return len(some[0]) / self.size, loss

        return [part(start) for start in range(0, self.size, micro_batch_size)]


class Vector(nn.Module):
    """A network that is nothing but its parameter."""

    def __init__(self, *values) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.tensor(values, dtype=torch.float64))

    def forward(self):
        return self.w


class Tagger(nn.Module):
    """Embeddings, a layer used twice, dropout, a buffer that every pass changes, and parameters not used."""

    def __init__(self, dropout=0.0) -> None:
        super().__init__()
        self.words = nn.Embedding(20, 4, padding_idx=0)
        self.positions = nn.Embedding(6, 4)
        self.layer = nn.Linear(4, 4)
        self.dropout = nn.Dropout(dropout)
        self.out = nn.Linear(4, 3)
        self.unused = nn.Linear(2, 2)
        self.register_buffer("passes", torch.zeros(()))

    def forward(self, ids):
        self.passes += 1
        # Shape: (batch, length, width)
        hidden = self.words(ids) + self.positions(torch.arange(ids.size(1)))
        hidden = self.layer(self.dropout(torch.tanh(self.layer(hidden))))
        # Shape: (batch, labels)
        return self.out(torch.tanh(hidden).mean(1))


@pytest.fixture(params=FORMS)
def estimator(request):
    return Estimator(request.param)


@pytest.fixture
def exact():
    return Estimator("exact")


@pytest.fixture
def all_forms():
    return FORMS


@pytest.fixture
def examples():
    return Examples


@pytest.fixture
def vector():
    return Vector


@pytest.fixture
def classification():
    """A support and a query loss of five examples each, over word ids that overlap partly and include padding."""

    def losses(network_seed=0, dtype=torch.float64, **keys):
        torch.manual_seed(network_seed)
        network = Tagger(**keys).to(dtype)
        mean = lambda net, ids, labels: cross_entropy(net(ids), labels)  # noqa: E731
        support = Examples(mean, torch.randint(0, 10, (5, 6)), torch.randint(0, 3, (5,)))
        query = Examples(mean, torch.randint(5, 15, (5, 6)), torch.randint(0, 3, (5,)))
        support.tensors[0][:, -1] = query.tensors[0][:, -1] = 0
        return network, support, query

    return losses


@pytest.fixture(params=["bert", "xlmr"])
def family(request):
    return request.param


@pytest.fixture
def episode(family, bert_folder, xlmr_folder, examples):
    """A classifier on a tiny encoder, in float64 by default, and two batches padded to their longest row."""

    def build(device="cpu", dtype=torch.float64, **keys):
        torch.manual_seed(0)
        if family == "bert":
            module = BertForSequenceClassification.from_pretrained(bert_folder, num_labels=3, **keys)
        else:
            module = XLMRobertaForSequenceClassification.from_pretrained(xlmr_folder, num_labels=3, **keys)
        padding = module.config.pad_token_id

        def batch():
            ids, mask = torch.randint(5, 300, (4, 7)), torch.ones(4, 7, dtype=torch.long)
            for row, length in enumerate([7, 4, 5, 7]):
                ids[row, length:], mask[row, length:] = padding, 0
            loss = lambda net, ids, mask, labels: cross_entropy(net(ids, attention_mask=mask).logits, labels)  # noqa: E731
            return examples(loss, *(each.to(device) for each in (ids, mask, torch.tensor([0, 1, 2, 0]))))

        return module.to(device, dtype).train(), batch(), batch()

    return build
