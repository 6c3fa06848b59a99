"""What follows a schedule over epochs, in a recovered run as in one that was not interrupted."""

from typing import Any

import pytest

from tests.resuming.recovery_test import CHECKPOINTS, outcome, same_weights, whole_and_recovered


@pytest.mark.parametrize("moment", [(1, 2, True), (2, 2, True), (3, 2, True)])
def test_a_recovered_run_validates_in_the_same_epochs(run, tmp_path, monkeypatch, moment):
    every_other = {"type": "should_validate_callback", "validation_interval": 2}
    keys: dict[str, Any] = {"num_epochs": 4, "callbacks": ["interrupt_for_test", every_other]}
    whole, recovered = whole_and_recovered(run, monkeypatch, moment, keys)
    assert same_weights(recovered, whole)
    # An epoch without validation repeats the last validation's numbers.
    assert outcome(tmp_path / "broken") == outcome(tmp_path / "whole")


def test_parameters_that_a_schedule_keeps_frozen_stay_so_in_a_recovered_run(run, tmp_path, monkeypatch):
    keys: dict[str, Any] = {
        "num_epochs": 3,
        "checkpointer": CHECKPOINTS,
        "callbacks": ["interrupt_for_test"],
        "learning_rate_scheduler": {"type": "slanted_triangular", "gradual_unfreezing": True},
        "optimizer": {
            "type": "adamw",
            "lr": 0.01,
            "parameter_groups": [[["^hidden"], {}], [["^out", "^unused"], {}]],
        },
    }
    whole, recovered = whole_and_recovered(run, monkeypatch, (1, 2, True), keys)
    assert same_weights(recovered, whole)
    assert outcome(tmp_path / "broken") == outcome(tmp_path / "whole")


@pytest.mark.parametrize("type", ["covering", "random"])
def test_every_epoch_is_judged_on_the_same_episodes_recovered_or_not(run, tmp_path, monkeypatch, type):
    episodes = {
        "type": "episodes",
        "languages": {"type": "cross_lingual", "support": ["en"], "query": ["ur"]},
        "sampler": {"type": type, "support_size": 3, "query_size": 3},
        "episodes_per_epoch": 3,
    }
    keys: dict[str, Any] = {
        "num_epochs": 3,
        "callbacks": ["interrupt_for_test"],
        "optimizer": {"type": "sgd", "lr": 1e-30},  # so that nothing but the episodes could make a difference
        "top": {"validation_data_loader": episodes, "validation_dataset_reader": {"type": "tiny_numbers"}},
    }
    whole_and_recovered(run, monkeypatch, (1, 2, True), keys)
    assert outcome(tmp_path / "broken") == outcome(tmp_path / "whole")
    losses = {outcome(tmp_path / "whole")[f"metrics_epoch_{epoch}.json"]["validation_loss"] for epoch in range(3)}
    assert len(losses) == 1


@pytest.mark.parametrize("moment", [(0, 2, True), (1, 2, True), (2, 0, True), (2, 1, True), (2, 2, True), (3, 2, True)])
def test_schedules_one_after_the_other_go_on_at_the_rate_that_they_were_at(run, tmp_path, monkeypatch, moment):
    first = {"type": "polynomial_decay", "power": 2, "warmup_steps": 2, "end_learning_rate": 1e-4}
    second = {"type": "noam", "warmup_steps": 2, "model_size": 4, "factor": 0.1}
    keys: dict[str, Any] = {
        "num_epochs": 4,
        "checkpointer": CHECKPOINTS,
        "callbacks": ["interrupt_for_test"],
        "learning_rate_scheduler": {"type": "combined", "schedulers": [[2, first], [2, second]]},
    }
    whole, recovered = whole_and_recovered(run, monkeypatch, moment, keys)
    assert same_weights(recovered, whole)
    assert outcome(tmp_path / "broken") == outcome(tmp_path / "whole")
