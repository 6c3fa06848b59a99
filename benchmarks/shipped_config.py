"""The configs of this package with other arguments, and a run of one as `allennlp train` does it."""

import json
import time
from collections.abc import Mapping
from typing import Any

import _jsonnet
from allennlp.commands.train import train_model
from allennlp.common import Params

from xlamaml_allennlp.resuming import ResumableTrainer
from xlamaml_allennlp.shipped_configs import FOLDER


def variant(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What the config of this name is with these arguments."""
    given = ", ".join(f"{key}={json.dumps(value)}" for key, value in arguments.items())
    snippet = f"(import {json.dumps(str(FOLDER / f'{name}.jsonnet'))})({given})"
    config: dict[str, Any] = json.loads(_jsonnet.evaluate_snippet("variant", snippet))
    return config


def train(name: str, arguments: Mapping[str, Any], serialization_dir: str) -> float:
    """Runs the config, with its archive; returns the seconds of the processor that its first epoch took."""
    spent: list[float] = []
    train_epoch = ResumableTrainer._train_epoch

    def timed(self: ResumableTrainer, epoch: int) -> dict[str, float]:
        begun = time.process_time()
        metrics = train_epoch(self, epoch)
        spent.append(time.process_time() - begun)
        return metrics

    ResumableTrainer._train_epoch = timed  # type: ignore[method-assign]
    train_model(Params(variant(name, arguments)), serialization_dir)
    return spent[0]
