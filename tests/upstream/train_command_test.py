"""What `allennlp train` is asked for in vain."""

import json

import pytest
from allennlp.commands import train
from allennlp.common.checks import ConfigurationError

from tests.meta_training.distributed_test import WORKERS
from tests.meta_training.tiny import config, write_data


class SpawnedForTest(Exception):
    pass


def asked_to_test(folder, **top):
    data = write_data(folder)
    keys = {"evaluate_on_test": True, "test_data_path": str(data), **top}
    train.train_model(config(data, num_epochs=1, top=keys), folder / "out")


def test_several_workers_are_not_asked_to_evaluate_on_the_test_set_which_one_of_them_would(tmp_path):
    with pytest.raises(ConfigurationError, match=r"evaluate_on_test is true.* to false, and run `allennlp evaluate`"):
        asked_to_test(tmp_path, **WORKERS)
    assert not (tmp_path / "out").exists()


def test_one_worker_is_asked_and_so_are_several_where_there_is_nothing_to_test_on(tmp_path, monkeypatch):
    asked_to_test(tmp_path)
    assert "test_accuracy" in json.loads((tmp_path / "out" / "metrics.json").read_text())

    def spawn(*args, **kwargs) -> None:
        raise SpawnedForTest

    monkeypatch.setattr(train.mp, "spawn", spawn)
    (tmp_path / "two").mkdir()
    with pytest.raises(SpawnedForTest):
        asked_to_test(tmp_path / "two", **WORKERS, test_data_path=None)
