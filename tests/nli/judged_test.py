import json
import math

import pytest
import torch
from allennlp.common.checks import ConfigurationError
from allennlp.data import Batch, Vocabulary

from xlamaml_allennlp.languages.judged import Judging
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.nli.formats import Row
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier

ROWS = [
    Row("a man sleeps", "somebody sleeps", "neutral", "en", "7"),
    Row("एक आदमी सोता है", "कोई गाता है", "contradiction", "hi", "7"),
]


@pytest.fixture
def model(bert_folder) -> CrossLingualPairClassifier:
    """Logits 0, log 2, 0 for every pair: probabilities 1/4, 1/2, 1/4, the prediction "neutral"."""
    model = CrossLingualPairClassifier(Vocabulary.empty(), str(bert_folder)).eval()
    assert isinstance(model.classifier, torch.nn.Linear)
    with torch.no_grad():
        model.classifier.weight.zero_()
        model.classifier.bias.copy_(torch.tensor([0.0, math.log(2), 0.0]))
    return model


def judged(model, folder, rows=ROWS):
    batch = Batch(XnliReader(str(folder)).texts_to_instances(rows))
    batch.index_instances(Vocabulary.empty())
    tensors = batch.as_tensor_dict()
    return list(model.judged([(tensors, model(**tensors))]))


def test_a_line_shows_texts_labels_probabilities_and_whether_it_is_right(model, bert_folder):
    assert isinstance(model, Judging)
    english, hindi = judged(model, bert_folder)
    line = json.loads(json.dumps(english.line))
    assert list(line) == "language id premise hypothesis gold prediction probs right".split()
    assert line.pop("probs") == pytest.approx({"entailment": 0.25, "neutral": 0.5, "contradiction": 0.25})
    assert line == {
        "language": "en", "id": "7", "premise": "a man sleeps", "hypothesis": "somebody sleeps", "gold": "neutral",
        "prediction": "neutral", "right": True,
    }  # fmt: skip
    assert (hindi.line["gold"], hindi.line["prediction"], hindi.line["right"]) == ("contradiction", "neutral", False)
    assert [(pair.language, pair.id, pair.scores) for pair in (english, hindi)] == [
        ("en", "7", {"accuracy": 1.0}),
        ("hi", "7", {"accuracy": 0.0}),
    ]


def test_a_pair_without_a_label_is_neither_right_nor_wrong(model, bert_folder):
    (pair,) = judged(model, bert_folder, [ROWS[0]._replace(label=None)])
    assert pair.scores == {}
    assert list(pair.line) == "language id premise hypothesis prediction probs".split()


def test_weights_that_are_no_numbers_give_neither_labels_nor_predictions(model, bert_folder):
    with torch.no_grad():
        model.classifier.weight[0, 0] = math.nan
    with pytest.raises(ConfigurationError, match="scores are not numbers"):
        judged(model, bert_folder)
    with pytest.raises(ConfigurationError, match="scores are not numbers"):
        model.forward_on_instances(XnliReader(str(bert_folder)).texts_to_instances(ROWS))
