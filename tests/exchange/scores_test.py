"""The scores that a card shows."""

import json

import pytest
from allennlp.common.checks import ConfigurationError
from scipy.stats import binomtest

from xlamaml_allennlp.exchange.scores import Score, scores_in


def written(path, *lines):
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def pairs(right, count):
    return [{"language": "hi", "id": str(i), "right": i < right} for i in range(count)]


def test_scores_are_those_of_languages_in_percent(tmp_path):
    numbers = {"accuracy": 0.5, "accuracy/hi": 0.25, "accuracy/mean": 0.5, "loss": 1.0, "f1/hi": 12.5}
    hindi, mean, f1 = scores_in(written(tmp_path / "metrics.json", numbers))
    assert hindi == Score("accuracy", "hi", 25.0)
    assert mean == Score("accuracy", "mean", 50.0)
    assert f1 == Score("f1", "hi", 12.5)


def test_what_the_evaluation_knew_of_examples_is_kept(tmp_path):
    said = {"zero_shot/hi": True, "seen/hi": 0, "seen_translations/hi": 7, "zero_shot/sw": "unknown", "seen/sw": 0}
    metrics = written(tmp_path / "metrics.json", {"accuracy/hi": 0.5, "accuracy/sw": 0.5, **said})
    hindi, swahili = scores_in(metrics)
    assert (hindi.zero_shot, hindi.seen) == (True, "0 + 7")
    assert (swahili.zero_shot, swahili.seen) == (None, "unknown")


def test_predictions_give_wilsons_interval_and_the_number_of_examples(tmp_path):
    metrics = written(tmp_path / "metrics.json", {"accuracy/hi": 0.75, "accuracy/mean": 0.75})
    found = scores_in(metrics, written(tmp_path / "predictions.jsonl", *pairs(30, 40)))
    wilson = binomtest(30, 40).proportion_ci(method="wilson")
    assert [each.examples for each in found] == [40, 40]
    assert found[0].interval == pytest.approx((100 * wilson.low, 100 * wilson.high), abs=0.01)


def test_questions_have_two_measures_in_percent(tmp_path):
    metrics = written(tmp_path / "metrics.json", {"em/hi": 50.0, "f1/hi": 75.0})
    lines = [{"language": "hi", "id": str(i), "em": 100.0 * i, "f1": 50.0 + 50 * i, "right": bool(i)} for i in (0, 1)]
    em, f1 = scores_in(metrics, written(tmp_path / "predictions.jsonl", *lines))
    assert (em.examples, f1.examples) == (2, 2)
    assert em.interval[0] < 50 < em.interval[1] <= 100


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (pairs(20, 40), "says 50 % of accuracy of hi, and --metrics 75 %"),
        ([{"language": "sw", "id": "1", "right": True}], "says nothing of accuracy of hi"),
        ([*pairs(1, 1), {"language": "hi"}], r"predictions.jsonl:2 is no line of predictions"),
    ],
)
def test_predictions_of_something_else_are_refused(tmp_path, lines, said):
    metrics = written(tmp_path / "metrics.json", {"accuracy/hi": 0.75})
    with pytest.raises(ConfigurationError, match=said):
        scores_in(metrics, written(tmp_path / "predictions.jsonl", *lines))


def test_metrics_without_languages_and_files_that_are_not_there_are_errors(tmp_path):
    metrics = written(tmp_path / "metrics.json", {"loss": 1.0})
    with pytest.raises(ConfigurationError, match="has no scores of languages"):
        scores_in(metrics)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        scores_in(tmp_path / "nowhere.json")
    metrics = written(tmp_path / "metrics.json", {"accuracy/hi": 0.75})
    with pytest.raises(ConfigurationError, match=r"--predictions: .* cannot be read"):
        scores_in(metrics, tmp_path / "nowhere.jsonl")


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_is_no_result_even_with_predictions(tmp_path, number):
    metrics = written(tmp_path / "metrics.json", {"accuracy/hi": number})
    for predictions in (None, written(tmp_path / "predictions.jsonl", *pairs(30, 40))):
        with pytest.raises(ConfigurationError, match=r"--metrics: accuracy of hi is (nan|inf), no number"):
            scores_in(metrics, predictions)
