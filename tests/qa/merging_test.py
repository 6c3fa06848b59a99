"""What the windows of one question say together."""

from itertools import permutations

import torch

from xlamaml_allennlp.languages.tag import metadata
from xlamaml_allennlp.qa.answer_span import Answer
from xlamaml_allennlp.qa.judged import judged_questions
from xlamaml_allennlp.qa.merging import best_answers, best_of
from xlamaml_allennlp.qa.metric import SpanMetric

NOTHING = Answer("", 0, 0, float("-inf"))


def test_the_best_of_a_question_is_the_best_of_its_windows_each_span_once():
    one = [Answer("b", 2, 3, 5.0), Answer("a", 0, 1, 1.0)]
    two = [Answer("c", 4, 5, 4.0), Answer("b", 2, 3, 2.0), Answer("d", 6, 7, 0.0)]
    assert best_answers([one, two], 3) == [one[0], two[0], one[1]]
    assert best_answers([two, one], 3) == [one[0], two[0], one[1]]
    assert best_answers([[], []], 3) == []


def test_of_equal_scores_the_first_windows_counts_and_windows_may_come_in_any_order():
    # The second window starts before the answer of the first one: its characters come earlier.
    windows = {0: Answer("b", 9, 10, 5.0), 1: Answer("a", 4, 5, 5.0), 2: Answer("c", 1, 2, 3.0)}
    for order in permutations(windows):
        assert best_of({index: windows[index] for index in order}, NOTHING) is windows[0]
    assert best_of({}, NOTHING) is NOTHING


def test_metric_evaluation_and_prediction_take_the_same_answer_of_a_question():
    windows = [[Answer("no", 9, 11, 5.0)], [Answer("yes", 4, 7, 5.0)], []]
    tags = [metadata("en", "1", "p", question_language="en", question="?", window=i, answers=["no"]) for i in range(3)]
    metric = SpanMetric()
    metric([next(iter(answers), None) for answers in windows], tags)
    scores = {name: torch.zeros(3, 1) for name in ("start_logits", "end_logits")}
    (judged,) = judged_questions([({"metadata": tags}, {"answers": windows, **scores})], "mlqa")
    assert metric.get_metric(reset=True)["em"] == 100.0
    assert judged.line["prediction"] == best_answers(windows, 20)[0].text == "no"
