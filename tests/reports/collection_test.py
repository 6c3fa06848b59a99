"""What a folder holds, and what does not fit together."""

import json
import shutil

import numpy as np
import pytest
from allennlp.common.checks import ConfigurationError

from tests.reports.made_up import evaluation, write
from xlamaml_allennlp.reports.collection import collect
from xlamaml_allennlp.reports.setting import Setting

RIGHTS = {"hi": np.array([True, True, False]), "sw": np.array([True, False, False])}


def test_a_tidy_line_for_each_target_of_each_seed(two_methods):
    table = collect(two_methods).table()
    assert len(table) == 2 * 4 * 3
    by_method = table[table.target == "hi"].pivot(index="seed", columns="method", values="value")
    assert (by_method.B - by_method.A).tolist() == pytest.approx([0.02] * 3)
    (line,) = table[(table.method == "B") & (table.target == "hi") & (table.seed == 1)].to_dict("records")
    assert (line["auxiliary"], line["shots"], line["metric"], line["n"]) == ("hi+sw", "0", "accuracy", 300)
    assert line["command"].startswith("allennlp evaluate runs/b-hi-sw-1/")


def test_a_result_on_a_language_of_the_run_is_not_zero_shot_unless_the_metrics_say_so(tmp_path):
    path = evaluation(tmp_path, "M", ["hi"], 0, RIGHTS)
    results, setting = collect(tmp_path), Setting("M", ("hi",))
    assert results.sees_target(setting, "accuracy", "hi")
    assert not results.sees_target(setting, "accuracy", "sw")
    metrics = json.loads((path / "metrics.json").read_text())
    write(path / "metrics.json", {**metrics, "zero_shot/hi": True, "zero_shot/sw": False})
    results = collect(tmp_path)
    assert not results.sees_target(setting, "accuracy", "hi")
    assert results.sees_target(setting, "accuracy", "sw")
    assert results.table().zero_shot.tolist() == [True, False]


def test_an_evaluation_that_is_there_twice_is_an_error_that_names_both(tmp_path):
    path = evaluation(tmp_path, "M", [], 0, RIGHTS)
    shutil.copytree(path, path.with_name("again"))
    with pytest.raises(ConfigurationError, match=r"again and .*m-0 both give accuracy of hi for M, seed 0"):
        collect(tmp_path)


def test_metrics_of_other_predictions_are_an_error(tmp_path):
    path = evaluation(tmp_path, "M", [], 0, RIGHTS)
    write(path / "metrics.json", {"accuracy": 0.5, "accuracy/hi": 0.6, "accuracy/sw": 1 / 3, "accuracy/mean": 0.5})
    with pytest.raises(ConfigurationError, match=r"accuracy of hi is 0.6 in metrics.json and 0.666667 by predictions"):
        collect(tmp_path)


@pytest.mark.parametrize(
    ("line", "said"),
    [('{"language": "hi", "id": "0"', "jsonl:2: no JSON"), ("[]", "jsonl:2: list"), ("", "")],
)
def test_a_line_that_is_cut_is_named(tmp_path, line, said):
    path = evaluation(tmp_path, "M", [], 0, {"hi": np.array([True])}) / "predictions.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")
    if not said:
        assert collect(tmp_path).judged["m-0"]["hi"].ids == ["0"]
        return
    with pytest.raises(ConfigurationError, match=said):
        collect(tmp_path)


def test_an_example_that_is_there_twice_is_an_error(tmp_path):
    path = evaluation(tmp_path, "M", [], 0, {"hi": np.array([True])}) / "predictions.jsonl"
    path.write_text(2 * path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r'jsonl:2: example "0" of hi is there twice'):
        collect(tmp_path)


def test_an_evaluation_without_metrics_is_named_and_the_others_are_reported(tmp_path):
    path = evaluation(tmp_path, "M", [], 0, RIGHTS)
    write(tmp_path / "evaluations" / "m-1" / "evaluation.json", json.loads((path / "evaluation.json").read_text()))
    results = collect(tmp_path)
    assert results.unfinished == ["m-1"]
    assert results.points(Setting("M"), "accuracy", "hi") == {0: pytest.approx(200 / 3)}


@pytest.mark.parametrize("value", [float("nan"), "high", True])
def test_a_metric_that_is_no_number_is_an_error(tmp_path, value):
    path = evaluation(tmp_path, "M", [], 0, RIGHTS) / "metrics.json"
    write(path, {"accuracy": 0.5, "accuracy/hi": value, "accuracy/mean": 0.5})
    with pytest.raises(ConfigurationError, match=r"metrics.json: accuracy is .*, which is not a number"):
        collect(tmp_path)


def test_a_folder_without_evaluations_is_an_error_that_says_what_it_takes(tmp_path):
    with pytest.raises(ConfigurationError, match=r"no evaluation in it has a metrics.json.*evaluations.csv"):
        collect(tmp_path)


def test_a_study_of_which_nothing_is_evaluated_yet_is_told_so_and_its_own_folders_are_no_evaluations(tmp_path, caplog):
    write(tmp_path / "study.json", {"name": "urdu", "evaluations": {"a-0": {"run": "a"}, "b-0": {"run": "b"}}})
    for name in ("runs", "logs"):
        (tmp_path / name).mkdir()
    with pytest.raises(ConfigurationError, match="none of the 2 evaluations of its study is done"):
        collect(tmp_path)
    assert caplog.records == []


def test_metrics_without_languages_are_of_the_one_target(tmp_path):
    write(tmp_path / "net.seed0" / "metrics.json", {"bleu": 0.25, "loss": 1.0})
    assert collect(tmp_path).points(Setting("net"), "bleu", "all") == {0: 25.0}


def test_questions_in_another_language_than_the_paragraph_are_a_target_of_their_own(tmp_path):
    path = evaluation(tmp_path, "M", [], 0, {"hi": np.array([True, False])}, "qa") / "predictions.jsonl"
    text = path.read_text(encoding="utf-8").replace('"question_language": "hi"', '"question_language": "de"')
    path.write_text(text, encoding="utf-8")
    results = collect(tmp_path)
    assert results.targets("f1") == ["de→hi"]
    assert results.points(Setting("M"), "f1", "de→hi") == {0: 75.0}
