"""What is checked: the model, the episodes and the trainer of a config, built as `allennlp train` builds them."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from typing import Any

import torch
from allennlp.commands.train import TrainModel
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.common.util import prepare_environment
from allennlp.models import Model

from xlamaml_allennlp.adaptation import BatchLoss
from xlamaml_allennlp.episodes import Side
from xlamaml_allennlp.meta_training import MetaTrainer
from xlamaml_allennlp.meta_training.agreement import AgreeingLoss
from xlamaml_allennlp.meta_training.losses import SupportLoss

# What `allennlp train` takes out of a config before it builds anything, and what only costs time here.
ELSEWHERE = ("distributed", "include_in_archive", "evaluation")
VALIDATION = ("validation_data_path", "test_data_path", "evaluate_on_test")
RUNNING = ("callbacks", "patience", "checkpointer", "moving_average")


@dataclass
class Subject:
    """
    A config, built.

    # Parameters

    trainer : `MetaTrainer`
        The trainer, which holds the model, the inner loop and the precision of the passes.
    """

    trainer: MetaTrainer

    @property
    def model(self) -> Model:
        return self.trainer.model

    def episodes(self, count: int) -> list[tuple[SupportLoss, BatchLoss]]:
        """The support losses and the objectives of the first `count` episodes that the run would train on; no metric
        listens."""
        batches: Iterator[Mapping[str, Any]] = islice(iter(self.trainer.data_loader), count)
        return [self._losses(batch) for batch in batches]

    def doubled(self, count: int) -> list[tuple[SupportLoss, BatchLoss]]:
        """The same in float64, the model included."""
        self.model.double()
        batches = [_double(batch) for batch in islice(iter(self.trainer.data_loader), count)]
        return [self._losses(batch) for batch in batches]

    def _losses(self, batch: Mapping[str, Any]) -> tuple[SupportLoss, BatchLoss]:
        if "support" not in batch:
            raise ConfigurationError(
                f"data_loader yields batches with the keys {sorted(batch)}, not episodes. "
                'Set data_loader.type to "episodes".'
            )
        support, query = (SupportLoss(batch[side], self.trainer.passes) for side in ("support", "query"))
        if self.trainer.agreement is None:
            return support, query
        return support, AgreeingLoss.of(batch, support, query, self.trainer.agreement)


def build(params: Mapping[str, Any], folder: str) -> Subject:
    """
    Builds a config, without its validation data.

    # Parameters

    params : `Mapping[str, Any]`
        The config, evaluated. It is not changed.
    folder : `str`
        An empty folder for what components write; nothing in it is needed later.

    # Raises

    `ConfigurationError`
        If a component refuses its keys, or the trainer is not `meta`.
    """
    given = deepcopy(dict(params))
    trainer = given.get("trainer", {})
    if trainer.get("type") != "meta":
        raise ConfigurationError(
            f'trainer.type is "{trainer.get("type", "gradient_descent")}"; meta-check is for configs of meta-training, '
            'whose trainer.type is "meta".'
        )
    own = {key: value for key, value in given.items() if key not in (*ELSEWHERE, *VALIDATION)}
    own["trainer"] = {key: value for key, value in trainer.items() if key not in RUNNING}
    config = Params(own)
    prepare_environment(config)
    built = TrainModel.from_params(params=config, serialization_dir=folder, local_rank=0, batch_weight_key="")
    assert isinstance(built.trainer, MetaTrainer)
    return Subject(built.trainer)


def _double(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.double() if value.is_floating_point() else value
    if isinstance(value, Side):
        return value.convert(lambda batch: {key: _double(item) for key, item in batch.items()})
    if isinstance(value, Mapping):
        return {key: _double(item) for key, item in value.items()}
    return value
