"""Fixtures of a small meta-training run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allennlp.commands.train import train_model

from tests.meta_training.tiny import config, write_data


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A file of the tiny task."""
    return write_data(tmp_path)


@pytest.fixture
def run(data: Path, tmp_path: Path) -> Callable[..., Any]:
    """Trains with some keys of the trainer (or `model`, `episodes`, `top`) set, in a folder of the given name."""

    def train(folder: str = "out", recover: bool = False, **keys: Any) -> Any:
        return train_model(config(data, **keys), tmp_path / folder, recover=recover, return_model=True)

    return train
