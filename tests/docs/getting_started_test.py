"""What docs/getting_started.md tells a newcomer to do, in its order, with a tiny encoder and fewer pairs."""

import json
import shlex
import sys
from pathlib import Path

import pytest
from allennlp.commands import main

import xlamaml_allennlp  # noqa: F401  as the command has it before it reads a config
from tests.docs.blocks import ROOT, commands, files

PAGE = ROOT / "docs" / "getting_started.md"
# What the page says, and what makes it a matter of a second.
SMALLER = {"max_instances: 960": "max_instances: 32", "meta_steps_per_language=27": "meta_steps_per_language=2"}


@pytest.fixture
def folder(tmp_path, monkeypatch, bert_folder):
    for name, text in files(PAGE).items():
        for said, smaller in SMALLER.items():
            text = text.replace(said, smaller)
        (tmp_path / name).write_text(text, encoding="utf-8")
    data = tmp_path / "demo" / "data"
    data.mkdir(parents=True)
    for name in ("train.en.tsv", "xnli.dev.tsv"):
        (data / name).symlink_to(ROOT / "demo" / "data" / name)
    lines = (ROOT / "demo" / "data" / "xnli.test.tsv").read_text(encoding="utf-8").splitlines(keepends=True)
    (data / "xnli.test.tsv").write_text("".join(lines[::27]), encoding="utf-8")
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "encoder").symlink_to(bert_folder)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_its_commands_lead_from_an_encoder_to_predictions(folder, monkeypatch, capsys):
    said = {}
    for command in commands(PAGE):
        if command[:3] == ["python", "-m", "xlamaml_allennlp"]:
            monkeypatch.setattr(sys, "argv", ["allennlp", *command[3:]])
            main()
            said[shlex.join(command[3:5])] = capsys.readouterr().out
        elif command[0] == "echo":
            Path(command[3]).write_text(command[1] + "\n", encoding="utf-8")
    trained = json.loads((folder / "runs/hindi/metrics.json").read_text())
    assert "training_accuracy/hi" in trained
    assert "mean of languages" in said["evaluate runs/hindi/model.tar.gz"]
    assert '"premise": "La soupe est froide."' in said["predict runs/hindi/model.tar.gz"]
