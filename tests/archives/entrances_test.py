"""Whatever opens an archive looks at it first, whichever command or config it was that named it."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from allennlp.commands import main
from allennlp.commands.evaluate import evaluate_from_archive
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader, Vocabulary
from allennlp.models import Model, load_archive
from allennlp.nn.initializers import PretrainedModelInitializer
from allennlp.predictors import Predictor
from allennlp.training import Trainer

from tests.archives.made import member, members_in, stock
from xlamaml_allennlp.archives import components
from xlamaml_allennlp.encoders.encoder import load_encoder
from xlamaml_allennlp.encoders.tokenizer import load_tokenizer
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier

Open = Callable[[str, str, str], Any]
LOADS: dict[str, Open] = {
    "evaluate": lambda archive, pairs, _: evaluate_from_archive(archive, pairs),
    "predict": lambda archive, *_: Predictor.from_path(archive, import_plugins=False),
    "load_archive": lambda archive, *_: load_archive(archive),
    "from_archive": lambda archive, *_: Model.from_params(Params({"type": "from_archive", "archive_file": archive})),
}
STARTS: dict[str, Open] = {
    "pretrained_file": lambda archive, _, encoder: CrossLingualPairClassifier(
        Vocabulary.empty(), encoder, pretrained_file=archive
    ),
    "model_name": lambda archive, *_: load_encoder(archive),
    "initializer": lambda archive, *_: PretrainedModelInitializer(archive),
}
READS: dict[str, Open] = {"tokenizer": lambda archive, *_: load_tokenizer(archive)}
ALL = LOADS | STARTS | READS


class Mine:
    """A class that is not registered."""


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr(components, "_opened", {})


@pytest.fixture
def said(tmp_path, pairs, bert_folder, monkeypatch):
    """Opens an archive with these members in the ways named, and returns what was said of it, the same every time."""
    (tmp_path / "own" / "temporary").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "own")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "own" / "temporary"))

    def open_all(ways: dict[str, Open], files: dict[str, bytes], *others: Any) -> list[str]:
        path = stock(tmp_path / "theirs.tar.gz", files, *others)
        errors = []
        for way, opened in ways.items():
            with pytest.raises(ConfigurationError) as error:
                opened(path, pairs, str(bert_folder))
            errors.append(str(error.value))
            assert path in errors[-1], way
            assert [each.name for each in (tmp_path / "own").iterdir()] == ["temporary"], way
            assert list((tmp_path / "own" / "temporary").iterdir()) == [], way
        return errors

    return open_all


@pytest.mark.parametrize("way", ALL)
def test_an_archive_of_ones_own_opens(archive, pairs, bert_folder, way):
    assert ALL[way](str(archive), pairs, str(bert_folder))


def test_nothing_is_written_outside_by_whatever_opens_it(archive, said):
    for error in said(ALL, members_in(archive), member("../../outside", b"x")):
        assert 'its member "../../outside" would be written outside of the archive\'s folder' in error


def test_a_flip_that_gzip_does_not_see_is_noticed_by_whatever_opens_it(archive, said):
    files = members_in(archive, checksums=True)
    weights = bytearray(files["weights.th"])
    weights[len(weights) // 2] ^= 1
    for error in said(ALL, files | {"weights.th": bytes(weights)}):
        assert 'is damaged: its member "weights.th"' in error


@pytest.mark.parametrize(
    "change",
    [
        {"model": {"type": "subprocess.Popen", "args": ["touch", "ran"]}},
        {"dataset_reader": {"type": "subprocess.Popen", "args": ["touch", "ran"]}},
        {"validation_dataset_reader": "subprocess.Popen"},
        {"vocabulary": {"type": "subprocess.Popen"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_config_builds_no_class_by_its_path(archive, said, change):
    files = members_in(archive)
    config = {**json.loads(files["config.json"]), **change}
    for error in said(LOADS, files | {"config.json": json.dumps(config).encode()}):
        assert 'its config.json asks for "subprocess.Popen", which is not registered' in error
    assert not os.path.exists("ran")


@pytest.mark.parametrize("key", ["evaluation", "data_loader"])
def test_what_evaluate_builds_later_is_no_class_by_its_path_either(archive, pairs, tmp_path, monkeypatch, key):
    monkeypatch.chdir(tmp_path)
    files = members_in(archive)
    config = {**json.loads(files["config.json"]), key: {"type": "subprocess.Popen", "args": ["touch", "ran"]}}
    path = stock(tmp_path / "theirs.tar.gz", files | {"config.json": json.dumps(config).encode()})
    with pytest.raises(ConfigurationError, match=r'theirs\.tar\.gz: its config\.json asks for "subprocess\.Popen"'):
        evaluate_from_archive(path, pairs)
    assert not Path("ran").exists()


@pytest.mark.parametrize("command", ["evaluate", "predict"])
def test_the_command_line_says_that_an_archive_is_ones_own(archive, pairs, tmp_path, monkeypatch, command):
    path = stock(tmp_path / "mine.tar.gz", members_in(archive) | {"notes.txt": b"of mine"})
    line = ["allennlp", command, path, pairs, "--use-dataset-reader"]
    monkeypatch.setattr("sys.argv", line[: 4 if command == "evaluate" else 5])
    with pytest.raises(ConfigurationError, match=r'its member "notes\.txt" is none .* give --trust-archive'):
        main()
    monkeypatch.setattr("sys.argv", [*sys.argv, "--trust-archive", "--output-file", str(tmp_path / "out")])
    main()
    assert (tmp_path / "out").stat().st_size


@pytest.mark.parametrize("way", STARTS)
def test_what_only_takes_weights_lets_ones_own_config_name_the_same_classes(archive, pairs, tmp_path, bert_folder, way):
    files = members_in(archive)
    config = {**json.loads(files["config.json"]), "trainer": {"type": f"{__name__}.Mine"}}
    path = stock(tmp_path / "mine.tar.gz", files | {"config.json": json.dumps(config).encode()})
    STARTS[way](path, pairs, str(bert_folder))
    assert Trainer.by_name(config["trainer"]["type"]) is Mine
    load_archive(path)
    assert Trainer.by_name("".join(config["trainer"]["type"])) is Mine


def test_a_class_is_refused_to_the_open_archive_and_not_to_another_config(archive, tmp_path):
    files = members_in(archive)
    name = f"{__name__}.Mine"
    config = {**json.loads(files["config.json"]), "trainer": {"type": name}}
    theirs = load_archive(stock(tmp_path / "theirs.tar.gz", files | {"config.json": json.dumps(config).encode()}))
    copies = theirs.config.duplicate()["trainer"], Params({**theirs.config.as_dict(quiet=True)["trainer"]})
    for asked in copies:
        with pytest.raises(ConfigurationError, match=rf'theirs\.tar\.gz: its config\.json asks for "{name}"'):
            Trainer.from_params(asked)
    assert isinstance(Trainer.from_params(Params({"type": name})), Mine)


def test_an_archive_that_could_not_be_opened_refuses_nothing_to_others(archive, tmp_path):
    files = members_in(archive)
    config = {**json.loads(files["config.json"]), "dataset_reader": {"type": f"{__name__}.Mine"}}
    path = stock(tmp_path / "theirs.tar.gz", files | {"config.json": json.dumps(config).encode()})
    with pytest.raises(ConfigurationError, match="may build registered components only"):
        load_archive(path)
    assert DatasetReader.by_name(config["dataset_reader"]["type"]) is Mine


def test_a_folder_is_looked_at_as_an_archive_is(run, tmp_path):
    (tmp_path / "config.json").write_text('{"model": importstr "secret"}')
    with pytest.raises(ConfigurationError, match=rf"{tmp_path}: its config\.json is not JSON"):
        load_archive(tmp_path)
    assert torch.is_tensor(next(load_archive(run).model.parameters()))


def test_an_archive_whose_config_builds_nothing_is_one_error(archive, said):
    for config in ({}, {"model": 3}, {"model": {"type": "no such"}, "dataset_reader": 3}, {"model": {"a": [[]]}}):
        assert said(LOADS, members_in(archive) | {"config.json": json.dumps(config).encode()})


@pytest.mark.parametrize("name", ["~/evil", "file://{home}/evil", "{home}/evil"])
def test_a_folder_is_looked_at_by_whatever_name_it_is_found(tmp_path, monkeypatch, archive, name):
    home = tmp_path / "home"
    (home / "evil").mkdir(parents=True)
    for member_name, content in members_in(archive).items():
        (home / "evil" / member_name).parent.mkdir(parents=True, exist_ok=True)
        (home / "evil" / member_name).write_bytes(content)
    config = json.loads((home / "evil" / "config.json").read_text())
    config["dataset_reader"] = {"type": "subprocess.Popen", "args": ["touch", str(tmp_path / "ran")]}
    (home / "evil" / "config.json").write_text(json.dumps(config))
    monkeypatch.setenv("HOME", str(home))
    with pytest.raises(ConfigurationError, match="may build registered components only"):
        load_archive(name.format(home=home))
    assert not (tmp_path / "ran").exists()
