"""The subcommand on a tiny encoder and the project's own config."""

import json
import sys

import pytest
from allennlp.commands import main

from tests.training_configs.conftest import CONFIGS, write_xnli


@pytest.fixture
def check(tmp_path, monkeypatch, bert_folder):
    """`check({"type": "exact"}, "--episodes", "1")`: runs the command, and returns its figures."""
    write_xnli(tmp_path / "xnli.dev.tsv", premises=8)

    def run(inner_loop, *arguments, changes="{}"):
        values = {"encoder": str(bert_folder), "xnli": str(tmp_path), "base": None, "inner_loop": inner_loop}
        call = ", ".join(f"{key}={json.dumps(value)}" for key, value in values.items())
        line = f"(import {json.dumps(str(CONFIGS / 'xnli_xla_maml.jsonnet'))})({call})"
        config = tmp_path / "config.jsonnet"
        config.write_text(f"{line} + {changes}")
        figures = tmp_path / "figures.json"
        command = ["meta-check", str(config), "--episodes", "1", "--repeats", "1", "--json", str(figures), *arguments]
        monkeypatch.setattr(sys, "argv", ["allennlp", *command])
        try:
            main()
        finally:
            run.figures = json.loads(figures.read_text()) if figures.exists() else None
        return run.figures

    return run
