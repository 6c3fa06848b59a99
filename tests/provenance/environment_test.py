"""What a run ran on is noted beside what it left."""

import json
import platform

import torch

from xlamaml_allennlp.provenance import environment
from xlamaml_allennlp.provenance.environment import note_environment


def noted(folder):
    return json.loads((folder / "environment.json").read_text(encoding="utf-8"))


def test_packages_python_and_the_device_are_named(tmp_path):
    note_environment(tmp_path, torch.device("cpu"))
    found = noted(tmp_path)
    assert {"torch", "transformers", "tokenizers", "numpy", "allennlp", "xlamaml_allennlp"} < set(found)
    assert found["torch"] == torch.__version__.partition("+")[0]
    assert found["python"] == platform.python_version()
    assert found["device"].startswith("CPU (")


def test_a_run_that_goes_on_elsewhere_says_both(tmp_path, monkeypatch):
    for device in ("CPU (one)", "CPU (one)", "NVIDIA H100", "NVIDIA H100"):
        monkeypatch.setattr(environment, "_name", lambda _, device=device: device)
        note_environment(tmp_path, torch.device("cpu"))
    assert noted(tmp_path)["device"] == "CPU (one), then NVIDIA H100"
    assert "then" not in noted(tmp_path)["torch"]


def test_a_damaged_note_is_written_anew(tmp_path):
    (tmp_path / "environment.json").write_text("{", encoding="utf-8")
    note_environment(tmp_path, torch.device("cpu"))
    assert "then" not in noted(tmp_path)["torch"]
