"""A soak kills runs, recovers them, and finds what differs in the end."""

import json
import random
import tarfile
from pathlib import Path

import pytest
import torch
from allennlp.common import Params

from benchmarks.soak import differences, runs
from benchmarks.soak_cases import ESTIMATORS, SCHEDULES, cases
from benchmarks.soak_lives import KINDS, Blow, live

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def test_a_run_that_is_killed_is_recovered_and_compared(tmp_path):
    (run,) = runs("1", kills=1, seed=1, folder=tmp_path)
    assert run.kills >= 1
    assert run.resumes == run.kills
    assert (run.failure, run.differences) == ("", [])


def test_a_run_that_fails_by_itself_is_no_run_that_was_killed(tmp_path):
    assert live(Params({"model": {}}), tmp_path / "run", False, None).end == "exit code 1"


def test_the_same_seed_draws_the_same_blows_anywhere_in_the_run():
    moments = {"files": 100, "steps": 10}
    blows = [[Blow.drawn(random.Random(seed), moments, 2) for seed in range(200)] for _ in range(2)]
    assert blows[0] == blows[1]
    assert {blow.kind for blow in blows[0]} == set(KINDS)
    assert {blow.number for blow in blows[0] if blow.kind == "steps"} == set(range(1, 11))
    assert {blow.who for blow in blows[0]} == {None, 0, 1}


def test_the_cases_of_each_stage_cover_what_a_run_may_use():
    for stage in ("1", "2", "3b"):
        found = list(cases(stage))
        trainers = [case.changes["trainer+"] for case in found]
        assert [trainer["learning_rate_scheduler"] for trainer in trainers[:4]] == list(SCHEDULES)
        assert sum(case.workers == 2 for case in found) == 4
        for key in ("moving_average", "patience"):
            assert 2 < sum(key in trainer for trainer in trainers) < 14
        assert {trainer["num_gradient_accumulation_steps"] for trainer in trainers} == {1, 2}
    estimators = [case.arguments["inner_loop"]["type"] for case in cases("2") if case.workers == 2]
    assert estimators == list(ESTIMATORS)


def finished(folder: Path, bias: float = 0.0, loss: float = 0.5, seconds: str = "1") -> Path:
    """What a run leaves, as far as it is compared."""
    folder.mkdir()
    for name in ("best.th", "model_state_e1_b0.th", "weights.th"):
        torch.save({"weight": torch.tensor([1.0, bias if name == "best.th" else 0.0])}, folder / name)
    (folder / "metrics.json").write_text(json.dumps({"loss": loss, "training_duration": seconds}))
    with tarfile.open(folder / "model.tar.gz", "w:gz") as archive:
        archive.add(folder / "weights.th", "weights.th")
    return folder


def test_weights_and_metrics_are_compared_and_times_are_not(tmp_path):
    whole = finished(tmp_path / "whole")
    assert differences(whole, finished(tmp_path / "slower", seconds="2")) == []
    # The smallest difference that there is, which no comparison by value sees.
    assert differences(whole, finished(tmp_path / "bit", bias=-0.0)) == ["best.th"]
    assert differences(whole, finished(tmp_path / "loss", loss=0.25)) == ["metrics.json"]
    half = finished(tmp_path / "half")
    (half / "best.th.partial").touch()
    assert differences(whole, half) == ["half-written files"]
