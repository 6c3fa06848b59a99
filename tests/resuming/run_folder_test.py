"""A run's folder is opened again whatever a kill has left in it, and its texts are there in one piece."""

import json
import os

import pytest
from allennlp.commands.train import train_model
from allennlp.common import Params, util
from allennlp.common.checks import ConfigurationError
from allennlp.training import util as training_util

from tests.meta_training.distributed_test import WORKERS, forked_workers  # noqa: F401
from tests.meta_training.tiny import config
from tests.resuming.killed import STEP, killed, same, stock_config

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


@pytest.mark.parametrize("left", ["\0\0\0", '{ "dataset_reader": { "type": "tiny_nu'], ids=["zeros", "half"])
def test_half_a_configuration_does_not_block_recovery_and_is_named(data, tmp_path, left):
    train_model(stock_config(data, num_epochs=2), tmp_path / "whole")
    assert killed(stock_config(data, num_epochs=2), tmp_path / "broken", STEP, 9)
    path = tmp_path / "broken" / "config.json"
    path.write_text(left)
    train_model(stock_config(data, num_epochs=2), tmp_path / "broken", recover=True)
    assert same(tmp_path / "whole", tmp_path / "broken")
    assert json.loads(path.read_text()) == json.loads((tmp_path / "whole" / "config.json").read_text())


def test_damage_to_a_configuration_is_told(data, tmp_path, caplog):
    (tmp_path / "config.json").write_text("{")
    training_util.create_serialization_dir(stock_config(data), tmp_path, True, False)
    assert f"{tmp_path / 'config.json'} is damaged (Expecting property name" in caplog.text


@pytest.mark.parametrize("left", [[], ["config.json.partial"]])
def test_a_run_that_was_killed_before_its_first_file_begins(data, tmp_path, left):
    (tmp_path / "run").mkdir()
    for name in left:
        (tmp_path / "run" / name).write_text("{")
    train_model(stock_config(data, num_epochs=1), tmp_path / "run", recover=True)
    assert (tmp_path / "run" / "model.tar.gz").exists()
    assert not (tmp_path / "run" / "config.json.partial").exists()


def test_a_folder_of_something_else_is_still_refused(data, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "mother.txt").write_text("Dear mother")
    with pytest.raises(ConfigurationError, match=r"doesn't contain a config.json"):
        train_model(stock_config(data), tmp_path / "letters", recover=True)
    assert os.listdir(tmp_path / "letters") == ["mother.txt"]


@pytest.mark.parametrize("left", [None, ".lock"])
def test_workers_whose_vocabulary_was_not_written_any_more_begin(data, tmp_path, left):
    params = config(data, num_epochs=1, num_gradient_accumulation_steps=1, top=WORKERS)
    (tmp_path / "run" / "vocabulary").mkdir(parents=True)
    params.to_file(str(tmp_path / "run" / "config.json"))
    if left:
        (tmp_path / "run" / "vocabulary" / left).touch()
    train_model(params, tmp_path / "run", recover=True)
    assert (tmp_path / "run" / "best.th").exists()
    assert (tmp_path / "run" / "vocabulary" / "non_padded_namespaces.txt").exists()


def test_texts_are_whole_or_what_they_were(tmp_path, monkeypatch):
    Params({"seed": 1}).to_file(str(tmp_path / "config.json"))
    util.dump_metrics(str(tmp_path / "metrics.json"), {"loss": 1.0})

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for write in (
        lambda: Params({"seed": 2}).to_file(str(tmp_path / "config.json")),
        lambda: util.dump_metrics(str(tmp_path / "metrics.json"), {"loss": 2.0}),
    ):
        with pytest.raises(OSError, match="No space left on device"):
            write()
    assert json.loads((tmp_path / "config.json").read_text()) == {"seed": 1}
    assert json.loads((tmp_path / "metrics.json").read_text()) == {"loss": 1.0}
    assert sorted(os.listdir(tmp_path)) == ["config.json", "metrics.json"]


def test_metrics_go_where_a_link_or_a_pipe_leads(tmp_path):
    (tmp_path / "link.json").symlink_to(tmp_path / "target.json")
    util.dump_metrics(str(tmp_path / "link.json"), {"loss": 1.0})
    assert json.loads((tmp_path / "target.json").read_text()) == {"loss": 1.0}
    assert (tmp_path / "link.json").is_symlink()
    util.dump_metrics(os.devnull, {"loss": 1.0})
    assert not os.path.isfile(os.devnull)
