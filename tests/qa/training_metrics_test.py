"""Answers are extracted where somebody looks, and in training nobody does unless asked to."""

import pytest
import torch
from allennlp.data import Batch, Vocabulary

from tests.qa.conftest import DELHI
from xlamaml_allennlp.qa import model as qa_model
from xlamaml_allennlp.qa.dataset_reader import MlqaReader
from xlamaml_allennlp.qa.model import CrossLingualSpanQa
from xlamaml_allennlp.qa.question import Gold


@pytest.fixture
def batch(bert_folder):
    gold = [Gold("India", DELHI.index("India"))]
    batch = Batch(MlqaReader(str(bert_folder)).text_to_instances("Where?", DELHI, "en", id="a", answers=gold))
    batch.index_instances(Vocabulary.empty())
    return batch.as_tensor_dict()


@pytest.fixture
def extracted(monkeypatch):
    """The number of windows of every extraction."""
    calls, extract = [], qa_model.n_best_spans

    def counted(starts, *arguments):
        calls.append(len(starts))
        return extract(starts, *arguments)

    monkeypatch.setattr(qa_model, "n_best_spans", counted)
    return calls


def test_a_training_pass_extracts_nothing_and_names_no_metric(bert_folder, batch, extracted):
    model = CrossLingualSpanQa(Vocabulary.empty(), str(bert_folder)).train()
    output = model(**batch)
    output["loss"].backward()
    assert not extracted
    assert "answers" not in output
    # Zeros would be taken for scores.
    assert model.get_metrics() == model.get_metrics(reset=True) == {}


def test_validation_between_epochs_counts_itself_and_nothing_else(bert_folder, batch, extracted):
    model = CrossLingualSpanQa(Vocabulary.empty(), str(bert_folder))
    for training in (True, False, True):
        model.train(training)(**batch)
    assert extracted == [1]
    assert {"em", "f1", "em/en", "f1/mean"} <= model.eval().get_metrics(reset=True).keys()
    assert model.get_metrics(reset=True) == {}


def test_a_model_that_is_asked_counts_in_training_as_in_evaluation(bert_folder, batch, extracted):
    torch.manual_seed(0)
    model = CrossLingualSpanQa(Vocabulary.empty(), str(bert_folder), training_metrics=True).train()
    model(**batch)
    assert extracted == [1]
    assert "em/en" in model.get_metrics(reset=True)
    with model.not_counting():
        assert "answers" not in model(**batch)
