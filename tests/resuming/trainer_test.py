"""The trainer `resumable` is the stock one, in what it computes and in its keys, and says what it refuses."""

import inspect
from typing import Any

import pytest
import torch
from allennlp.commands.train import train_model
from allennlp.common.checks import ConfigurationError
from allennlp.training import GradientDescentTrainer
from allennlp.training.callbacks.confidence_checks import ConfidenceChecksCallback

from tests.meta_training.distributed_test import forked_workers, weights  # noqa: F401
from tests.resuming.killed import STEP, ends, killed, stock_config
from tests.resuming.recovery_test import CHECKPOINTS, Interrupt, outcome
from xlamaml_allennlp.resuming import ResumableTrainer

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def test_a_run_ends_as_one_with_the_stock_trainer_does(data, tmp_path):
    for kind in ("resumable", "gradient_descent"):
        train_model(stock_config(data, type=kind), tmp_path / kind)
    (ours, metrics), (stock, stock_metrics) = ends(tmp_path / "resumable"), ends(tmp_path / "gradient_descent")
    assert all(torch.equal(ours[name], stock[name]) for name in stock)
    assert metrics == stock_metrics


@pytest.mark.parametrize("constructor", ["__init__", "from_partial_objects"])
def test_its_keys_are_the_stock_trainers(constructor):
    stock = inspect.signature(getattr(GradientDescentTrainer, constructor)).parameters
    ours = inspect.signature(getattr(ResumableTrainer, constructor)).parameters
    assert dict(ours) == {name: parameter for name, parameter in stock.items() if name != "kwargs"}


@pytest.mark.parametrize("typo", ["num_epoch", "precision", "run_sanity_checks"])
def test_a_key_that_it_does_not_have_is_an_error(data, tmp_path, typo):
    with pytest.raises(ConfigurationError, match=typo):
        train_model(stock_config(data, **{typo: 1}), tmp_path / "run")


@pytest.mark.parametrize("keys", [{"num_epochs": 0}, {"num_gradient_accumulation_steps": None}, {"grad_norm": None}])
def test_a_number_that_cannot_be_is_an_error_that_names_it(data, tmp_path, keys):
    with pytest.raises(ConfigurationError, match=rf"trainer\.{next(iter(keys))} is (null|0); it must be"):
        train_model(stock_config(data, **keys), tmp_path / "run")


def test_the_confidence_checks_of_a_first_batch_do_not_come_again(data, tmp_path, monkeypatch):
    assert killed(stock_config(data), tmp_path / "run", STEP, 5)
    found = []
    on_batch = ConfidenceChecksCallback.on_batch

    def watching(self: Any, trainer: Any, *more: Any, **keys: Any) -> None:
        found.append(sum(len(module._forward_hooks) for module in trainer.model.modules()))
        on_batch(self, trainer, *more, **keys)

    monkeypatch.setattr(ConfidenceChecksCallback, "on_batch", watching)
    train_model(stock_config(data), tmp_path / "run", recover=True)
    assert found
    assert set(found) == {0}


def test_two_workers_are_recovered_exactly_each_with_its_own_random_numbers(data, tmp_path, monkeypatch):
    def params() -> Any:
        keys: dict[str, Any] = {
            "num_gradient_accumulation_steps": 1,
            "callbacks": ["interrupt_for_test"],
            "checkpointer": CHECKPOINTS,
        }
        config = stock_config(data, num_epochs=2, run_confidence_checks=False, **keys)
        accelerator = {"type": "torch", "find_unused_parameters": True}
        config["distributed"] = {"cuda_devices": [-1, -1], "ddp_accelerator": accelerator}
        config["datasets_for_vocab_creation"] = []
        return config

    train_model(params(), tmp_path / "whole")
    with monkeypatch.context() as interrupted:
        interrupted.setattr(Interrupt, "moment", (1, 2, True))
        with pytest.raises(torch.multiprocessing.ProcessRaisedException):
            train_model(params(), tmp_path / "broken")
    assert (tmp_path / "broken" / "worker_state_e1_b1_w1.th").exists()
    train_model(params(), tmp_path / "broken", recover=True)
    whole, broken = weights(tmp_path / "whole"), weights(tmp_path / "broken")
    assert all(torch.equal(whole[name], broken[name]) for name in whole)
    assert outcome(tmp_path / "broken") == outcome(tmp_path / "whole")
