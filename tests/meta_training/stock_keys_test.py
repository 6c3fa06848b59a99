"""The keys of the trainer: the stock one's and ours, and no others."""

import inspect
from typing import Any

import pytest
import torch
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary
from allennlp.nn.parallel import DdpAccelerator
from allennlp.training import GradientDescentTrainer
from allennlp.training.trainer import Trainer

from tests.meta_training.tiny import TinyClassifier
from xlamaml_allennlp.adaptation import InnerLoop
from xlamaml_allennlp.meta_training import MetaTrainer

OURS = {"inner_loop", "precision", "ledger", "agreement", "deterministic"}


@pytest.mark.parametrize("constructor", ["__init__", "from_partial_objects"])
def test_the_keys_are_those_of_the_stock_trainer_and_ours(constructor):
    stock = inspect.signature(getattr(GradientDescentTrainer, constructor)).parameters
    keys = inspect.signature(getattr(MetaTrainer, constructor)).parameters
    assert set(keys) == set(stock) - {"kwargs"} | OURS
    for name in set(keys) - OURS - {"run_confidence_checks", "grad_scaling"}:
        assert keys[name] == stock[name]


@pytest.mark.parametrize("typo", ["num_epoch", "inner_lop", "run_sanity_checks", "gradient_clipping"])
def test_a_misspelt_key_of_the_configuration_is_an_error(run, typo):
    with pytest.raises(ConfigurationError, match=typo):
        run(**{typo: 1})


def test_a_misspelt_key_of_an_inner_part_is_an_error(run):
    with pytest.raises(ConfigurationError, match="learning_rate"):
        run(inner_loop={"type": "first_order", "learning_rate": 1})


def test_a_missing_inner_loop_is_an_error_that_names_it():
    with pytest.raises(ConfigurationError, match="inner_loop"):
        Trainer.from_params(Params({"type": "meta"}), model=None, serialization_dir=None, data_loader=None)


@pytest.mark.parametrize(
    "keys, reason",
    [
        ({"use_amp": True}, "use_amp: the scaler cannot reach"),
        ({"grad_scaling": True}, "grad_scaling: the scaler cannot reach"),
        ({"run_confidence_checks": True}, "run_confidence_checks: they hook"),
        ({"callbacks": ["confidence_checks"]}, "confidence_checks: they hook"),
        ({"callbacks": ["mixed_precision_backward"]}, "mixed_precision_backward: the scaler"),
        ({"ledger": "gradient"}, 'trainer.ledger is "gradient"; it must be true, false or "gradients"'),
        ({"precision": "fp16"}, '"fp16"; it must be null, "float32" or "bf16"'),
        ({"inner_loop": {"type": "higher", "lr": -1}}, "inner_loop.lr is -1"),
        ({"inner_loop": {"type": "higher", "parameters": ["nothing"]}}, "nothing"),
    ],
)
def test_what_cannot_work_is_refused_with_the_reason(run, keys, reason):
    with pytest.raises(ConfigurationError, match=reason):
        run(**keys)


def test_the_harmless_values_of_refused_keys_are_taken(run):
    run(use_amp=False, grad_scaling=False, run_confidence_checks=False)


class Sharding(DdpAccelerator):
    pass


def test_another_accelerator_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match=r"refuses distributed\.ddp_accelerator Sharding"):
        MetaTrainer.from_partial_objects(
            model=None,
            serialization_dir=tmp_path,
            data_loader=None,
            inner_loop=InnerLoop(),
            ddp_accelerator=Sharding(local_rank=0, world_size=2),
        )


class Nothing(list):
    """A data loader without data."""

    def set_target_device(self, device: torch.device) -> None:
        pass


def trainer_by_hand(*more: Any, kind: Any = MetaTrainer, **keys: Any) -> MetaTrainer:
    model: Any = TinyClassifier(Vocabulary())
    loader: Any = Nothing()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    device: dict[str, Any] = {} if len(more) > 6 else {"cuda_device": -1}
    return kind(model, optimizer, loader, *more, **device, inner_loop=InnerLoop(), **keys)


def test_a_misspelt_name_is_an_error_in_python_too():
    assert trainer_by_hand(num_epochs=3)._num_epochs == 3
    with pytest.raises(TypeError, match="num_epoch"):
        trainer_by_hand(num_epoch=3)


def test_what_the_signature_shows_can_be_given_by_position():
    names = list(inspect.signature(MetaTrainer).parameters)
    assert names[3:6] == ["patience", "validation_metric", "validation_data_loader"]
    trainer = trainer_by_hand(7, "+accuracy")
    assert trainer._metric_tracker._patience == 7
    assert trainer._metric_tracker.tracked_metrics == [(1.0, "accuracy")]
    with pytest.raises(TypeError, match="patience"):
        trainer_by_hand(7, patience=7)


def test_a_trainer_is_built_by_position_as_its_constructor_for_configurations_shows(data, tmp_path):
    model, loader = TinyClassifier(Vocabulary()), Nothing()
    trainer: Any = MetaTrainer.from_partial_objects(
        model, str(tmp_path), loader, None, 0, 7, cuda_device=-1, inner_loop=InnerLoop()
    )
    assert trainer._metric_tracker._patience == 7
    assert trainer._serialization_dir == str(tmp_path)


@pytest.mark.parametrize(
    "position, key", [("use_amp", "use_amp"), ("grad_scaling", "grad_scaling"), ("run_confidence_checks", "checks")]
)
def test_what_is_refused_by_name_is_refused_by_position(position, key):
    parameters = list(inspect.signature(MetaTrainer).parameters.values())[3:]
    values = [parameter.default for parameter in parameters]
    place = [parameter.name for parameter in parameters].index(position)
    with pytest.raises(ConfigurationError, match=f"refuses trainer.*{key}"):
        trainer_by_hand(*values[:place], True)


@pytest.mark.parametrize("value, shown", [(None, "null"), (0, "0"), (-1, "-1"), (True, "true"), (1.5, "1.5")])
@pytest.mark.parametrize("key", ["num_epochs", "num_gradient_accumulation_steps"])
def test_a_count_below_one_is_an_error_that_names_key_and_value(key, value, shown):
    with pytest.raises(
        ConfigurationError, match=rf"trainer\.{key} is {shown}; it must be a whole number of at least 1"
    ):
        trainer_by_hand(**{key: value})


@pytest.mark.parametrize("keys", [{"num_gradient_accumulation_steps": None}, {"num_epochs": 0}, {"grad_norm": None}])
def test_such_a_number_in_a_configuration_is_the_same_error(run, keys):
    with pytest.raises(ConfigurationError, match=rf"trainer\.{next(iter(keys))} is (null|0); it must be"):
        run(**keys)


class WithANote(MetaTrainer):
    def __init__(self, *args: Any, note: str, **stock: Any) -> None:
        super().__init__(*args, **stock)
        self.note = note


def test_a_subclass_may_require_keys_of_its_own():
    trainer = trainer_by_hand(kind=WithANote, note="mine", num_epochs=3)
    assert (trainer.note, trainer._num_epochs) == ("mine", 3)
    with pytest.raises(TypeError, match="num_epoch"):
        trainer_by_hand(kind=WithANote, note="mine", num_epoch=3)
