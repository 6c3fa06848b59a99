"""transformers' own heads under the estimators, and what is told of them."""

import pytest
import torch
from allennlp.common.checks import ConfigurationError
from allennlp.data import Batch, Vocabulary

from tests.encoders.families import FAMILIES
from xlamaml_allennlp.adaptation import ExactInnerLoop, HigherInnerLoop
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.nli.formats import Row
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier

ROWS = [
    Row("a man sleeps on the sofa", "he rests", "entailment", "en", "1"),
    Row("नमस्ते", "वह", "neutral", "hi", "2"),
    Row("it rains", "it is dry", "contradiction", "en", "3"),
]


def loss_on(folder, rows):
    batch = Batch(XnliReader(folder).texts_to_instances(rows))
    batch.index_instances(Vocabulary.empty())
    tensors = batch.as_tensor_dict()
    return lambda net: net(**tensors)["loss"]


@pytest.mark.parametrize("family", ["bert", "xlm-roberta", "deberta-v2", "modernbert"])
def test_exact_is_higher_through_the_own_head(family, tmp_path):
    folder = str(FAMILIES[family].save(tmp_path))
    torch.manual_seed(0)
    model = CrossLingualPairClassifier(Vocabulary.empty(), folder, pooling="own").eval().double()
    losses = loss_on(folder, ROWS[:2]), loss_on(folder, ROWS[1:])
    gradients = []
    for inner_loop in (HigherInnerLoop(lr=0.05), ExactInnerLoop(lr=0.05)):
        model.zero_grad()
        inner_loop(model, *losses).loss.backward()
        gradients.append(torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None]))
    # Some normalise in float32 whatever the weights are.
    assert (gradients[1] - gradients[0]).norm() < 1e-6 * gradients[0].norm()


def test_no_graph_is_kept_after_a_pass(tmp_path):
    folder = str(FAMILIES["bert"].save(tmp_path))
    model = CrossLingualPairClassifier(Vocabulary.empty(), folder, pooling="own")
    loss_on(folder, ROWS)(model)
    assert model.classifier.network.bert.outputs is None


def test_a_dropout_of_ones_own_before_somebody_elses_head_is_refused(tmp_path):
    folder = str(FAMILIES["bert"].save(tmp_path))
    with pytest.raises(ConfigurationError, match='dropout: the head of the pooling "own" has its own'):
        CrossLingualPairClassifier(Vocabulary.empty(), folder, pooling="own", dropout=0.2)
