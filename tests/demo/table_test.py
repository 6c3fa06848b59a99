"""The demo's table says what was measured, language by language."""

import re

from demo.picture import draw
from demo.table import lay_out, scores_of
from demo.task import Measure

BASELINE = {"de": 50.0, "hi": 40.0, "mean": 45.0}
METHODS = {"X-MAML": {"de": 49.0, "hi": 45.5, "mean": 47.25}, "XLA-MAML": {"de": 50.0, "hi": 47.0, "mean": 48.5}}


def cells(line):
    return re.split(r"\s{2,}", line.strip())


def test_scores_are_percentages_of_every_language_in_order_and_their_mean_last():
    metrics = {"accuracy": 0.3, "accuracy/mean": 0.45, "accuracy/hi": 0.4, "accuracy/de": 0.5, "loss": 1.0}
    found = scores_of(metrics, Measure("accuracy", "accuracy", 100))
    assert found == BASELINE
    assert list(found) == ["de", "hi", "mean"]


def test_a_measure_that_is_percent_already_is_told_apart_from_another():
    metrics = {"em": 10.0, "em/mean": 15.0, "em/hi": 15.0, "f1": 20.0, "f1/mean": 25.0, "f1/hi": 25.0}
    assert scores_of(metrics, Measure("F1", "f1")) == {"hi": 25.0, "mean": 25.0}


def test_a_line_holds_the_language_each_accuracy_and_each_difference_to_the_baseline():
    lines = lay_out(BASELINE, METHODS, {"hi": "query"}, ("hypothesis only", 33.3)).splitlines()
    assert cells(lines[0]) == ["baseline", "X-MAML", "XLA-MAML"]
    assert cells(lines[2]) == ["de", "German", "50.0", "49.0", "-1.0", "50.0", "+0.0"]
    assert cells(lines[3]) == ["hi", "Hindi", "40.0", "45.5", "+5.5", "47.0", "+7.0", "query"]
    assert cells(lines[5]) == ["mean", "45.0", "47.2", "+2.2", "48.5", "+3.5"]
    assert cells(lines[6]) == ["hypothesis only", "33.3"]


def test_columns_stand_under_their_heads():
    head, _, first, *_ = lay_out(BASELINE, METHODS, {}, ("words", 33.3)).splitlines()
    for name, accuracy in [("baseline", "50.0"), ("X-MAML", "49.0")]:
        assert head.index(name) + len(name) == first.index(accuracy) + 4


def test_the_picture_is_a_png(tmp_path):
    draw(tmp_path / "map.png", BASELINE, METHODS, "F1", 0.0, "a caption")
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")
