"""Schedules and checkpoints of the stock trainer on today's torch."""

import io
import logging

import numpy
import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.training.learning_rate_schedulers import LearningRateScheduler


def optimizer() -> torch.optim.Optimizer:
    return torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=1.0)


def plateau(**keys: object) -> LearningRateScheduler:
    return LearningRateScheduler.from_params(Params({"type": "reduce_on_plateau", **keys}), optimizer=optimizer())


def test_reduce_on_plateau_lowers_the_rate_when_the_metric_stands_still():
    scheduler = plateau(patience=1, factor=0.5, mode="max")
    for _ in range(3):  # the first is the best, the second is waited for, the third is one too many
        scheduler.step(0.7)
    assert scheduler.get_values() == [0.5]


def test_its_state_goes_through_a_checkpoint():
    one, other = plateau(patience=1), plateau(patience=1)
    one.step(0.7)
    other.load_state_dict(one.state_dict())
    assert other.lr_scheduler.best == 0.7


def test_verbose_is_taken_and_said_to_do_nothing(caplog):
    with caplog.at_level(logging.WARNING):
        plateau(verbose=True)
    assert "learning_rate_scheduler.verbose" in caplog.text
    caplog.clear()
    plateau(verbose=False)
    assert caplog.records == []


def test_a_misspelt_key_is_still_refused():
    with pytest.raises(ConfigurationError, match="patienc"):
        plateau(patienc=1)


@pytest.mark.parametrize("number", [numpy.float64(0.25), numpy.float32(0.5), numpy.int64(3), numpy.bool_(True)])
def test_a_checkpoint_with_a_number_of_numpy_is_loaded(number):
    file = io.BytesIO()
    torch.save({"initial_lr": number}, file)
    file.seek(0)
    loaded = torch.load(file, weights_only=True)["initial_lr"]
    assert (loaded, type(loaded)) == (number, type(number))
