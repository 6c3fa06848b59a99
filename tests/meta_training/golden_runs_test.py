"""Every number of a short run of either task is the one that it was when `goldens/runs.json` was written."""

import json

import pytest

from tests.meta_training.golden_runs import CASES, FILE, numbers, still_encoder


@pytest.fixture(scope="module")
def encoder(bert_folder, tmp_path_factory):
    return still_encoder(bert_folder, tmp_path_factory.mktemp("golden") / "still")


@pytest.mark.parametrize("case", CASES)
def test_the_metrics_and_weights_of_a_run_stay(case, encoder, tmp_path):
    task, inner_loop = CASES[case]
    expected = json.loads(FILE.read_text(encoding="utf-8"))[case]
    # Finite differences magnify how the machine's library rounds.
    rel, of_weights = (1e-3, 1e-6) if inner_loop["type"] == "hessian_free" else (1e-5, 1e-8)
    found = numbers(task, tmp_path / "run", encoder, inner_loop)
    # Most of the weights' squares were there before training.
    assert found["weights"] == pytest.approx(expected["weights"], rel=of_weights)
    assert found == pytest.approx(expected, rel=rel)
