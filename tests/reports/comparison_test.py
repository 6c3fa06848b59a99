"""Two methods compared, where the truth is known."""

import json

import numpy as np
import pytest
from scipy import stats

from tests.reports.made_up import evaluation, study, write
from xlamaml_allennlp.reports.collection import collect
from xlamaml_allennlp.reports.comparison import compare, holm
from xlamaml_allennlp.reports.setting import Setting

A, B = Setting("A"), Setting("B")
TARGETS = ["ar", "de", "en", "hi"]


def test_holm_by_hand():
    # In order: 3 x 0.01, 2 x 0.03, then 0.04 raised to the one before.
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06})


def test_two_points_on_one_target_are_found_there_and_nowhere_else(two_methods):
    comparison = compare(collect(two_methods), Setting("B", ("hi", "sw")), A, "accuracy", TARGETS)
    differences = {target: effect.difference for target, effect in comparison.effects.items()}
    assert differences == pytest.approx({"ar": 0, "de": 0, "en": 0, "hi": 2}, abs=1e-9)
    assert comparison.mean.difference == pytest.approx(0.5)
    assert min(comparison.corrected, key=comparison.corrected.get) == "hi"
    assert comparison.corrected["hi"] == pytest.approx(4 * comparison.effects["hi"].p)
    # 300 hypotheses of 100 premises.
    assert {(effect.seeds, effect.clusters, effect.examples) for effect in comparison.effects.values()} == {
        (3, 100, 300)
    }


def test_a_gain_of_every_seed_is_significant_and_one_of_a_single_seed_is_not(tmp_path):
    study(tmp_path, {"A": {}, "B": {"hi": 8.0}}, ["hi"], (0, 1, 2, 3, 4))
    assert compare(collect(tmp_path), B, A, "accuracy", ["hi"]).significant("hi")
    # As many points in the mean, but 9 more from each seed to the next: -10 to +26.
    study(tmp_path / "jitter", {"A": {}, "B": {"hi": 8.0}}, ["hi"], (0, 1, 2, 3, 4), 900, 9.0)
    comparison = compare(collect(tmp_path / "jitter"), B, A, "accuracy", ["hi"])
    assert comparison.effects["hi"].difference == pytest.approx(8, abs=0.1)
    assert not comparison.significant("hi")
    assert comparison.smallest("hi") > 20


def test_without_predictions_only_seeds_are_tested(tmp_path):
    study(tmp_path, {"A": {}, "B": {"hi": 8.0}}, ["hi", "de"], (0, 1, 2), jitter=1.0)
    for path in tmp_path.rglob("predictions.jsonl"):
        path.unlink()
    comparison = compare(collect(tmp_path), B, A, "accuracy", ["hi", "de"])
    # Differences of 7, 8 and 9: mean 8, deviation 1, so t = 8 / (1 / sqrt 3) with two degrees of freedom.
    effect = comparison.effects["hi"]
    assert (effect.difference, effect.error) == pytest.approx((8, 3**-0.5))
    assert effect.p == pytest.approx(2 * stats.t.sf(8 * 3**0.5, 2))
    assert {effect.over, comparison.mean.over} == {"seeds only"}


def test_seeds_and_examples_that_one_lacks_are_left_out_and_named(tmp_path):
    for seed in (0, 1):
        evaluation(tmp_path, "A", [], seed, {"hi": np.array([True, False, True, True, False, True])})
    for seed in (1, 2):
        evaluation(tmp_path, "B", [], seed, {"hi": np.array([True, True, True, True, False, True, True])})
    comparison = compare(collect(tmp_path), B, A, "accuracy", ["hi", "sw"])
    # On seed 1 they differ in one of the six examples that both have.
    assert comparison.effects["hi"].difference == pytest.approx(100 / 6)
    assert comparison.notes == [
        "hi: compared on the seeds that both have, 1.",
        "hi: compared on the 6 examples that all have; 1 left out.",
        "No mean of the targets: nothing to compare on sw.",
    ]


def test_a_control_that_was_trained_once_is_compared_as_that_one_run(tmp_path):
    evaluation(tmp_path, "A", [], 7, {"hi": np.array([True, False] * 9)})
    for seed in (0, 1, 2):
        evaluation(tmp_path, "B", [], seed, {"hi": np.array([True, True, False] * 6)})
    comparison = compare(collect(tmp_path), B, A, "accuracy", ["hi"])
    assert (comparison.effects["hi"].seeds, comparison.effects["hi"].difference) == (3, pytest.approx(100 / 6))
    assert comparison.notes == ["hi: A has one seed, and is compared as that one run."]


def test_methods_without_a_common_seed_are_not_compared(tmp_path):
    for method, seeds in (("A", (0, 1)), ("B", (2, 3))):
        for seed in seeds:
            evaluation(tmp_path, method, [], seed, {"hi": np.array([True, False])})
    comparison = compare(collect(tmp_path), B, A, "accuracy", ["hi"])
    assert comparison.effects == {}
    assert comparison.notes == ["hi: no seed in common (2, 3 and 0, 1), not compared."]


@pytest.mark.parametrize(
    ("key", "note"),
    [
        ("targets", "hi: evaluated on different data, not compared."),
        ("premise", "hi: examples of one id are not the same"),
    ],
)
def test_methods_on_different_examples_are_not_compared_though_ids_are_the_same(tmp_path, key, note):
    for method in ("A", "B"):
        path = evaluation(tmp_path, method, [], 0, {"hi": np.array([True, False] * 3)})
        if key == "targets":
            fields = json.loads((path / "evaluation.json").read_text())
            write(path / "evaluation.json", {**fields, "targets": {"hi": f"{method}.tsv"}})
        elif method == "B":
            lines = (path / "predictions.jsonl").read_text(encoding="utf-8")
            (path / "predictions.jsonl").write_text(lines.replace("(0)", "(of another file)"), encoding="utf-8")
    comparison = compare(collect(tmp_path), B, A, "accuracy", ["hi"])
    assert comparison.effects == {}
    assert comparison.notes[0].startswith(note)
