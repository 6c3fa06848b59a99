import math
import re

import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import Batch, Vocabulary
from allennlp.models import Model
from transformers import AutoModel

from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.nli.formats import Row
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier

ROWS = [
    Row("a man sleeps", "somebody sleeps", "entailment", "en"),
    Row("एक आदमी सोता है", "कोई गाता है और सोता है", "contradiction", "hi"),
    Row("a man sleeps", "a tall man", "neutral", "en"),
]


@pytest.fixture(params=["bert_folder", "xlmr_folder"])
def folder(request) -> str:
    return str(request.getfixturevalue(request.param))


def batch_of(folder, rows=ROWS):
    batch = Batch(XnliReader(folder).texts_to_instances(rows))
    batch.index_instances(Vocabulary.empty())
    return batch.as_tensor_dict()


def new_model(folder, **keys) -> CrossLingualPairClassifier:
    return CrossLingualPairClassifier(Vocabulary.empty(), folder, **keys)


def hidden_states(folder, batch) -> torch.Tensor:
    return AutoModel.from_pretrained(folder, attn_implementation="eager").eval()(**batch["tokens"])


def test_cls_pooling_is_a_linear_layer_on_the_first_hidden_state(folder):
    model, batch = new_model(folder).eval(), batch_of(folder)
    expected = model.classifier(hidden_states(folder, batch).last_hidden_state[:, 0])
    torch.testing.assert_close(model(**batch)["logits"], expected)


def test_pooler_pooling_is_a_linear_layer_on_the_encoders_own_pooler(folder):
    model, batch = new_model(folder, pooling="pooler").eval(), batch_of(folder)
    expected = model.classifier(hidden_states(folder, batch).pooler_output)
    torch.testing.assert_close(model(**batch)["logits"], expected)


def test_mean_pooling_leaves_padding_out(folder):
    model, batch = new_model(folder, pooling="mean").eval(), batch_of(folder)
    assert not batch["tokens"]["attention_mask"].all()  # or there would be nothing to leave out
    hidden = hidden_states(folder, batch).last_hidden_state
    lengths = batch["tokens"]["attention_mask"].sum(1).tolist()
    expected = torch.stack([hidden[i, :length].mean(0) for i, length in enumerate(lengths)])
    torch.testing.assert_close(model(**batch)["logits"], model.classifier(expected))


@pytest.mark.parametrize("pooling", ["cls", "pooler", "mean"])
def test_a_pair_gets_the_same_probabilities_alone_and_in_a_padded_batch(folder, pooling):
    model = new_model(folder, pooling=pooling).eval()
    together = model(**batch_of(folder))["probs"]
    alone = torch.cat([model(**batch_of(folder, [row]))["probs"] for row in ROWS])
    torch.testing.assert_close(together, alone)


def test_loss_and_accuracy_are_those_of_paper_and_pencil(folder):
    model = new_model(folder).eval()
    with torch.no_grad():  # logits (0, log 2, 0) for every pair: probabilities 1/4, 1/2, 1/4
        model.classifier.weight.zero_()
        model.classifier.bias.copy_(torch.tensor([0.0, math.log(2), 0.0]))
    output = model(**batch_of(folder))
    torch.testing.assert_close(output["probs"], torch.tensor([[0.25, 0.5, 0.25]] * 3))
    # Gold labels entailment, contradiction, neutral: - (log 1/4 + log 1/4 + log 1/2) / 3
    assert output["loss"].item() == pytest.approx(5 * math.log(2) / 3)
    assert output["batch_size"].item() == 3
    assert model.make_output_human_readable(output)["label"] == ["neutral"] * 3
    # Right: the second English pair of two; Hindi none of one.
    assert model.get_metrics() == pytest.approx({"accuracy": 1 / 3})
    assert model.get_metrics(reset=True) == pytest.approx(
        {"accuracy": 1 / 3, "accuracy/en": 0.5, "accuracy/hi": 0.0, "accuracy/mean": 0.25}
    )
    assert model.get_metrics() == {"accuracy": 0.0}


def test_labels_are_numbered_entailment_neutral_contradiction(folder):
    model = new_model(folder)
    output = {"probs": torch.eye(3)}
    assert model.make_output_human_readable(output)["label"] == ["entailment", "neutral", "contradiction"]


def test_without_labels_there_is_no_loss_and_nothing_is_counted(folder):
    model = new_model(folder).eval()
    output = model(**batch_of(folder, [row._replace(label=None) for row in ROWS]))
    assert set(output) == {"logits", "probs", "metadata"}
    assert [pair["language"] for pair in output["metadata"]] == ["en", "hi", "en"]
    assert model.get_metrics(reset=True) == {}


def test_two_classes_of_other_names(folder):
    labels = ["no", "yes"]
    model = new_model(folder, labels=labels).eval()
    batch = Batch(XnliReader(folder, labels=labels).texts_to_instances([Row("a", "b", "yes", "en")]))
    output = model.forward_on_instances(batch.instances)[0]
    assert output["probs"].shape == (2,)
    assert output["label"] in labels


def test_a_new_classifier_starts_as_transformers_do(bert_folder):
    torch.manual_seed(0)
    classifier = new_model(str(bert_folder), labels=[str(i) for i in range(2000)]).classifier
    assert classifier.bias.abs().max() == 0
    # 32,000 draws: the standard error of their deviation is 0.02 / sqrt(64,000), under 0.5 %.
    assert classifier.weight.std().item() == pytest.approx(0.02, rel=0.03)


@pytest.mark.parametrize(
    "keys, message",
    [
        ({"pooling": "max"}, 'pooling: "max" is none of cls, pooler, mean'),
        ({"dropout": 1.0}, "dropout: 1.0 is not in [0, 1)"),
        ({"labels": ["a", "a"]}, "labels: ['a', 'a'] is not a list of two or more different labels"),
        ({"labels": ["a"]}, "labels: ['a'] is not"),
        ({"labels": "ab"}, "labels: 'ab' is not"),
        ({"attention": "fast"}, 'attention: "fast" is none of'),
    ],
)
def test_a_value_that_will_not_do_is_named_with_its_key(bert_folder, keys, message):
    with pytest.raises(ConfigurationError, match=re.escape(message)):
        new_model(str(bert_folder), **keys)


def test_it_is_built_from_a_config_and_a_typo_fails(bert_folder):
    keys = {"type": "cross_lingual_pair_classifier", "model_name": str(bert_folder), "labels": ["x", "y"], "dropout": 0}
    assert Model.from_params(Params(dict(keys)), vocab=Vocabulary.empty()).labels == ("x", "y")
    with pytest.raises(ConfigurationError, match="poling"):
        Model.from_params(Params({**keys, "poling": "cls"}), vocab=Vocabulary.empty())
