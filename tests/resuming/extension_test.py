"""A run is recovered with more epochs where it ends as if it had been begun with them, and refused elsewhere."""

from typing import Any

import pytest
from allennlp.commands.train import train_model
from allennlp.common.checks import ConfigurationError

from tests.resuming.killed import STEP, killed, same, stock_config

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

ENDLESS: list[Any] = [
    None,
    {"type": "cosine", "t_initial": 2},
    {"type": "reduce_on_plateau", "patience": 0},
]


@pytest.mark.parametrize("schedule", ENDLESS, ids=lambda schedule: str(schedule and schedule["type"]))
def test_a_finished_run_with_more_epochs_ends_as_one_that_was_begun_with_them(data, tmp_path, schedule):
    keys: dict[str, Any] = {
        "learning_rate_scheduler": schedule,
        "moving_average": {"type": "exponential", "decay": 0.5},
    }
    train_model(stock_config(data, num_epochs=4, **keys), tmp_path / "whole")
    train_model(stock_config(data, num_epochs=2, **keys), tmp_path / "extended")
    train_model(stock_config(data, num_epochs=4, **keys), tmp_path / "extended", recover=True)
    assert same(tmp_path / "whole", tmp_path / "extended")


def test_so_does_one_that_was_killed_and_then_killed_with_more_epochs(data, tmp_path):
    keys: dict[str, Any] = {"learning_rate_scheduler": {"type": "exponential", "gamma": 0.5}}
    train_model(stock_config(data, num_epochs=3, **keys), tmp_path / "whole")
    assert killed(stock_config(data, num_epochs=2, **keys), tmp_path / "run", STEP, 9)
    assert killed(stock_config(data, num_epochs=3, **keys), tmp_path / "run", STEP, 5, recover=True)
    train_model(stock_config(data, num_epochs=3, **keys), tmp_path / "run", recover=True)
    assert same(tmp_path / "whole", tmp_path / "run")


@pytest.mark.parametrize(
    "schedule",
    [
        {"type": "linear_with_warmup", "warmup_steps": 1},
        {"type": "polynomial_decay"},
        {"type": "slanted_triangular"},
    ],
    ids=lambda schedule: schedule["type"],
)
def test_a_schedule_over_all_epochs_is_refused_with_what_would_have_to_be_changed(data, tmp_path, schedule):
    train_model(stock_config(data, num_epochs=1, learning_rate_scheduler=schedule), tmp_path / "run")
    before = (tmp_path / "run" / "config.json").read_text()
    said = rf"was begun with 1\. Its trainer\.learning_rate_scheduler, {schedule['type']}, is laid out over all epochs"
    with pytest.raises(ConfigurationError, match=rf"num_epochs is 2, .*{said}.* Give 1 again, or begin a new run"):
        train_model(stock_config(data, num_epochs=2, learning_rate_scheduler=schedule), tmp_path / "run", recover=True)
    assert (tmp_path / "run" / "config.json").read_text() == before


def test_fewer_epochs_are_refused(data, tmp_path):
    train_model(stock_config(data, num_epochs=2, learning_rate_scheduler=None), tmp_path / "run")
    with pytest.raises(ConfigurationError, match=r"num_epochs is 1, and .* was begun with 2.*Give 2 again"):
        train_model(stock_config(data, num_epochs=1, learning_rate_scheduler=None), tmp_path / "run", recover=True)


def test_other_changes_are_refused_by_name(data, tmp_path):
    train_model(stock_config(data, num_epochs=1, learning_rate_scheduler=None), tmp_path / "run")
    changed = stock_config(data, num_epochs=2, learning_rate_scheduler=None, grad_norm=1.0)
    said = r"with another configuration: trainer\.grad_norm is 1\.0 and was absent \(1 differences\)\. Give the one"
    with pytest.raises(ConfigurationError, match=said):
        train_model(changed, tmp_path / "run", recover=True)


def test_the_default_number_of_epochs_counts_as_one_that_is_written(data, tmp_path):
    params = stock_config(data, learning_rate_scheduler=None)
    del params["trainer"]["num_epochs"]  # 20
    assert killed(params.duplicate(), tmp_path / "run", STEP, 3)
    params["trainer"]["num_epochs"] = 19
    with pytest.raises(ConfigurationError, match=r"num_epochs is 19, and the run in .* was begun with 20"):
        train_model(params, tmp_path / "run", recover=True)
