"""Runs with ledgers, and the command as a shell would call it."""

import argparse
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allennlp.commands.train import train_model

from tests.meta_training.tiny import config, write_data
from xlamaml_allennlp.commands.episodes import Episodes


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run: two epochs of six steps of two episodes, with dropout; checkpoints after every fourth."""
    folder = tmp_path_factory.mktemp("trained")
    checkpointer = {"save_every_num_batches": 4, "keep_most_recent_by_count": 9}
    train_model(config(write_data(folder), episodes=12, checkpointer=checkpointer), folder / "run")
    return folder / "run"


@pytest.fixture
def copy(trained: Path, tmp_path: Path) -> Path:
    """A copy of that run, to be damaged."""
    return Path(shutil.copytree(trained, tmp_path / "copy"))


@pytest.fixture
def episodes(tmp_path: Path) -> Callable[..., Any]:
    """`episodes(run, "--step", "3")`: runs the command, and returns its figures."""
    parser = argparse.ArgumentParser()
    Episodes().add_subparser(parser.add_subparsers()).set_defaults(include_package=[])

    def call(*arguments: Any) -> Any:
        figures = tmp_path / "figures.json"
        given = parser.parse_args(["episodes", *map(str, arguments), "--json", str(figures)])
        given.func(given)
        return json.loads(figures.read_text(encoding="utf-8"))

    return call
