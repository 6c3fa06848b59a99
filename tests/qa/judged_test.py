import json
import math

import pytest
import torch
from allennlp.common.checks import ConfigurationError
from allennlp.data import Batch, Vocabulary

from xlamaml_allennlp.languages.judged import Judging
from xlamaml_allennlp.qa.answer_span import Answer
from xlamaml_allennlp.qa.dataset_reader import MlqaReader
from xlamaml_allennlp.qa.judged import judged_questions
from xlamaml_allennlp.qa.metric import SpanMetric
from xlamaml_allennlp.qa.model import CrossLingualSpanQa
from xlamaml_allennlp.qa.question import Gold


def window(id, index, *answers, gold=("the north of India",), language="en", asked_in="en"):
    """A window's metadata and what it answers: (score, text) pairs, best first."""
    metadata = {"language": language, "question_language": asked_in, "id": id, "group": "p", "window": index}
    metadata |= {"question": f"{id}?", "context": "unused", "answers": list(gold), "offsets": None}
    return metadata, [Answer(text, 0, len(text), score) for score, text in answers]


def batch(*windows):
    metadata, answers = zip(*windows, strict=True)
    scores = torch.zeros(len(windows), 3)
    return {"metadata": list(metadata)}, {"answers": list(answers), "start_logits": scores, "end_logits": scores}


def judged(*batches, rules="mlqa"):
    return list(judged_questions(iter(batches), rules))


def test_windows_of_a_question_are_one_line_whichever_batches_they_are_in():
    first, second = judged(
        batch(window("q1", 1, (2.0, "North of India")), window("q2", 0, (9.0, "Delhi"), gold=["Agra"])),
        batch(window("q1", 0, (1.0, "Delhi"))),
    )
    line = json.loads(json.dumps(first.line))
    # "the" is no word for MLQA: all of "north of india" is there.
    assert line == {
        "language": "en", "question_language": "en", "id": "q1", "group": "p", "question": "q1?",
        "gold": ["the north of India"], "prediction": "North of India", "score": 2.0, "em": 100.0, "f1": 100.0,
        "right": True,
    }  # fmt: skip
    assert first.scores == {"em": 1.0, "f1": 1.0}
    assert (second.line["prediction"], second.line["right"]) == ("Delhi", False)


def test_f1_is_that_of_paper_and_pencil():
    (question,) = judged(batch(window("q1", 0, (0.0, "in India"))))
    # "in india" against "north of india": one token in common, precision 1/2, recall 1/3.
    assert question.line["f1"] == pytest.approx(40.0)
    assert question.scores == {"em": 0.0, "f1": pytest.approx(0.4)}


def test_questions_of_one_id_in_several_languages_stay_apart():
    found = judged(
        batch(window("q1", 0, (1.0, "a")), window("q1", 0, (2.0, "b"), asked_in="de")),
        batch(window("q1", 0, (3.0, "c"), language="hi", asked_in="hi")),
    )
    assert [(q.line["language"], q.line["question_language"], q.line["prediction"]) for q in found] == [
        ("en", "en", "a"), ("en", "de", "b"), ("hi", "hi", "c"),
    ]  # fmt: skip


def test_of_equal_scores_the_first_window_counts_as_it_does_for_the_metric():
    windows = [window("q1", 1, (1.0, "Delhi")), window("q1", 0, (1.0, "the north of India"))]
    metric = SpanMetric()
    metric([answers[0] for _, answers in windows], [metadata for metadata, _ in windows])
    (question,) = judged(batch(*windows))
    assert question.line["prediction"] == "the north of India"
    assert question.line["em"] == metric.get_metric(reset=True)["em"] == 100


def test_no_answer_is_wrong_and_has_no_score():
    (question,) = judged(batch(window("q1", 0)))
    assert (question.line["prediction"], question.line["score"], question.line["right"]) == ("", None, False)
    assert question.scores == {"em": 0.0, "f1": 0.0}


def test_a_question_without_gold_answers_is_neither_right_nor_wrong():
    (question,) = judged(batch(window("q1", 0, (1.0, "Delhi"), gold=[])))
    assert question.scores == {}
    assert list(question.line) == "language question_language id group question prediction score".split()


def test_the_rules_are_those_of_the_model(bert_folder):
    # White space and punctuation compare Thai by characters only under "any_language"; MLQA has no Thai.
    def asked(rules):
        model = CrossLingualSpanQa(Vocabulary.empty(), str(bert_folder), rules=rules)
        return list(model.judged([batch(window("q1", 0, (1.0, "กก"), gold=["กข"], language="th"))]))

    assert asked("any_language")[0].line["f1"] == pytest.approx(50.0)
    with pytest.raises(ConfigurationError, match="th"):
        asked("mlqa")


def test_a_models_windows_of_a_long_context_agree_with_its_metric(bert_folder):
    context = "Delhi is in the north of India. About 32 million people live there (2023)."
    reader = MlqaReader(str(bert_folder), max_length=40, stride=5, max_question_length=10)
    instances = reader.text_to_instances(
        "Where?", context, "en", id="a", answers=[Gold("India", context.index("India"))]
    )
    model = CrossLingualSpanQa(Vocabulary.empty(), str(bert_folder)).eval()
    assert isinstance(model, Judging)
    passes = []
    for part in (instances[1:], instances[:1]):
        together = Batch(part)
        together.index_instances(Vocabulary.empty())
        tensors = together.as_tensor_dict()
        passes.append((tensors, model(**tensors)))
    (question,) = model.judged(passes)
    scores = [answers[0].score for _, outputs in passes for answers in outputs["answers"]]
    assert len(scores) > 2
    assert question.line["score"] == max(scores)
    metrics = model.get_metrics(reset=True)
    assert (question.line["em"], question.line["f1"]) == (metrics["em"], metrics["f1"])


def test_weights_that_are_no_numbers_give_no_answers(bert_folder):
    model = CrossLingualSpanQa(Vocabulary.empty(), str(bert_folder)).eval()
    with torch.no_grad():
        model.start_and_end.weight[1, 0] = math.nan
    instances = MlqaReader(str(bert_folder)).text_to_instances("Where?", "Delhi is in India.", "en", id="a")
    with pytest.raises(ConfigurationError, match="scores are not numbers"):
        model.forward_on_instances(instances)
    together = Batch(instances)
    together.index_instances(Vocabulary.empty())
    tensors = together.as_tensor_dict()
    with pytest.raises(ConfigurationError, match="scores are not numbers"):
        list(model.judged([(tensors, model(**tensors))]))
