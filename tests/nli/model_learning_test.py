"""The model under every way of learning: stock backward, higher's copy, functional calls, autocast."""

import higher
import pytest
import torch
from allennlp.data import Batch, Vocabulary

from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.nli.formats import Row
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier

ROWS = [Row("a man sleeps", "he sleeps", "entailment", "en"), Row("सोता है", "नहीं सोता", "contradiction", "hi")]


@pytest.fixture(params=["bert_folder", "xlmr_folder"])
def folder(request) -> str:
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def batch(folder):
    batch = Batch(XnliReader(folder).texts_to_instances(ROWS))
    batch.index_instances(Vocabulary.empty())
    return batch.as_tensor_dict()


def new_model(folder, **keys) -> CrossLingualPairClassifier:
    torch.manual_seed(0)
    return CrossLingualPairClassifier(Vocabulary.empty(), folder, **keys)


@pytest.mark.parametrize("pooling", ["cls", "pooler", "mean"])
def test_every_parameter_gets_a_gradient(folder, batch, pooling):
    model = new_model(folder, pooling=pooling, dropout=0.0)
    model(**batch)["loss"].backward()
    assert [name for name, parameter in model.named_parameters() if parameter.grad is None] == []


def test_a_functional_call_sees_the_weights_it_is_given(folder, batch):
    model, other = new_model(folder).eval(), new_model(folder).eval()
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.mul_(1.5)
    called = torch.func.functional_call(model, dict(other.named_parameters()), (), batch)
    torch.testing.assert_close(called["loss"], other(**batch)["loss"])


def test_highers_copy_and_a_functional_call_give_the_same_meta_gradient(folder, batch):
    # Differentiated twice here, by hand; the inner loops ask for a kernel that can be.
    alpha, model = 0.1, new_model(folder, attention="eager").eval()
    sgd = torch.optim.SGD(model.parameters(), lr=alpha)
    with higher.innerloop_ctx(model, sgd, copy_initial_weights=False) as (copy, optimizer):
        optimizer.step(copy(**batch)["loss"])
        copy(**batch)["loss"].backward()
    by_higher = [parameter.grad.clone() for parameter in model.parameters()]

    names, theta = zip(*model.named_parameters(), strict=True)

    def loss(weights):
        return torch.func.functional_call(model, dict(zip(names, weights, strict=True)), (), batch)["loss"]

    gradients = torch.autograd.grad(loss(theta), theta, create_graph=True)
    adapted = [weight - alpha * gradient for weight, gradient in zip(theta, gradients, strict=True)]
    by_hand = torch.autograd.grad(loss(adapted), theta)
    for one, other in zip(by_higher, by_hand, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)


def test_the_loss_is_computed_in_full_precision_under_autocast(folder, batch):
    model = new_model(folder).eval()
    full = model(**batch)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        half = model(**batch)
    assert half["loss"].dtype == half["logits"].dtype == half["probs"].dtype == torch.float32
    torch.testing.assert_close(half["probs"].sum(-1), torch.ones(2))
    torch.testing.assert_close(half["loss"], full["loss"], rtol=0.05, atol=0.0)


def test_dropout_is_on_in_training_and_off_in_evaluation(folder, batch):
    model = new_model(folder, dropout=0.5)
    assert not torch.equal(model(**batch)["logits"], model(**batch)["logits"])
    model.eval()
    assert torch.equal(model(**batch)["logits"], model(**batch)["logits"])


def test_a_few_steps_learn_two_pairs(folder, batch):
    model = new_model(folder, dropout=0.0)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for _ in range(20):
        optimizer.zero_grad()
        model(**batch)["loss"].backward()
        optimizer.step()
    model.get_metrics(reset=True)
    model.eval()(**batch)
    assert model.get_metrics(reset=True)["accuracy"] == 1.0
