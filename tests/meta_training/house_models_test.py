"""What the house's models count, and what they leave undone, whichever the estimator and however they are cut."""

from contextlib import nullcontext
from typing import Any

import pytest
import torch
from allennlp.common import Params
from allennlp.data import Batch, Instance, Vocabulary

from tests.qa.conftest import DELHI, GANGES
from xlamaml_allennlp.adaptation import InnerLoop
from xlamaml_allennlp.episodes import Side
from xlamaml_allennlp.languages.examples import InMemoryExamples
from xlamaml_allennlp.languages.tag import tag_of
from xlamaml_allennlp.meta_training.losses import QueryLoss, SupportLoss
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.nli.formats import Row
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier
from xlamaml_allennlp.qa import model as qa_model
from xlamaml_allennlp.qa.dataset_reader import MlqaReader
from xlamaml_allennlp.qa.question import Gold

LOOPS: list[dict[str, Any]] = [
    {"type": "higher"},
    *(
        {"type": name, "micro_batch_size": size}
        for name in ("exact", "hessian_free", "first_order")
        for size in (1, 3, None)
    ),
]


def side(instances: list[Instance]) -> Side:
    Batch(instances).index_instances(Vocabulary.empty())
    examples = InMemoryExamples((tag_of(instance), instance) for instance in instances)
    return Side.of(examples, range(len(examples)), lambda batch: batch)


@pytest.fixture(params=LOOPS, ids=lambda keys: "-".join(map(str, keys.values())))
def adapt(request) -> Any:
    """Runs one episode: English is the support set, Hindi the query set."""

    def run(model: Any, english: Any, hindi: Any) -> Any:
        query = QueryLoss(hindi, nullcontext)
        inner_loop = InnerLoop.from_params(Params({**request.param, "num_steps": 2}))
        inner_loop(model, SupportLoss(english, nullcontext), query).loss.backward()
        return query.outputs()

    return run


def test_pairs_of_the_query_set_are_counted_and_no_others(adapt, bert_folder):
    labels = ("entailment", "neutral", "contradiction", "entailment")
    reader = XnliReader(str(bert_folder))
    english, hindi = (
        side(reader.texts_to_instances([Row("a", "b", label, tag, str(n)) for n, label in enumerate(labels)]))
        for tag in ("en", "hi")
    )
    model = CrossLingualPairClassifier(Vocabulary.empty(), str(bert_folder), dropout=0.0).eval()
    with torch.no_grad():  # entailment is always the most probable: two of four
        model.classifier.weight.zero_()
        model.classifier.bias.copy_(torch.tensor([9.0, 0.0, 0.0]))
    outputs = adapt(model, english, hindi)
    assert model.get_metrics(reset=True) == {"accuracy": 0.5, "accuracy/hi": 0.5, "accuracy/mean": 0.5}
    assert len(outputs["metadata"]) == 4


def test_answers_are_sought_in_every_window_of_the_query_set_once_and_in_no_other(adapt, bert_folder, monkeypatch):
    sought = []
    seek = qa_model.n_best_spans
    monkeypatch.setattr(
        qa_model, "n_best_spans", lambda starts, *rest: sought.append(len(starts)) or seek(starts, *rest)
    )
    reader = MlqaReader(str(bert_folder))
    english, hindi = (
        side(
            [
                window
                for id in "abcd"
                for window in reader.text_to_instances(
                    "?", context, tag, id=id, answers=[Gold(answer, context.index(answer))]
                )
            ]
        )
        for tag, context, answer in (("en", DELHI, "India"), ("hi", GANGES, "हिमालय"))
    )
    model = qa_model.CrossLingualSpanQa(Vocabulary.empty(), str(bert_folder), training_metrics=True)
    outputs = adapt(model, english, hindi)
    assert sum(sought) == len(hindi["metadata"]) == len(outputs["answers"])
    assert set(model.get_metrics(reset=True)) == {"em", "em/hi", "em/mean", "f1", "f1/hi", "f1/mean"}
