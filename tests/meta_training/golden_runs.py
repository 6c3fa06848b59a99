"""
What short runs of both tasks reported when `goldens/runs.json` was written, by estimator and size of micro-batch.

    python -m tests.meta_training.golden_runs

writes the file anew.
"""

import json
import shutil
import tempfile
from itertools import product
from pathlib import Path
from typing import Any
from zlib import crc32

import torch
from transformers import AutoModel

from tests.meta_training.micro_batches_test import nli, qa, trained

FILE = Path(__file__).parent / "goldens" / "runs.json"
CASES = {
    f"{task.__name__}/{estimator}/{size}": (task, {"type": estimator, **({"micro_batch_size": size} if size else {})})
    for task, (estimator, size) in product(
        (nli, qa), [("higher", None), *product(("exact", "hessian_free", "first_order"), (None, 3))]
    )
}


def still_encoder(tiny: Path, folder: Path) -> Path:
    """A tiny encoder without dropout, whose weights are the same with every release of transformers."""
    shutil.copytree(tiny, folder)
    settings = json.loads((folder / "config.json").read_text())
    settings |= {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    (folder / "config.json").write_text(json.dumps(settings))
    encoder = AutoModel.from_pretrained(folder)
    for name, parameter in encoder.named_parameters():
        generator = torch.Generator().manual_seed(crc32(name.encode()))
        center = 1.0 if name.endswith("LayerNorm.weight") else 0.0
        parameter.data = center + 0.1 * torch.randn(parameter.shape, generator=generator)
    encoder.save_pretrained(folder)
    return folder


def numbers(task: Any, folder: Path, encoder: Path, inner_loop: dict[str, Any]) -> dict[str, float]:
    """The metrics of a run, the loss of its last episode, and a number for all of its weights."""
    weights, metrics, outputs = trained(task, folder, encoder, **inner_loop)
    squares = sum(weight.double().square().sum().item() for weight in weights.values())
    told = {key: value for key, value in metrics.items() if isinstance(value, float)}
    return {**told, "last_loss": outputs[-1]["loss"].item(), "weights": squares}


if __name__ == "__main__":
    from tests import conftest

    with tempfile.TemporaryDirectory() as temporary:

        class Factory:
            def mktemp(self, name: str) -> Path:
                (path := Path(temporary) / name).mkdir()
                return path

        make: Any = conftest.bert_folder
        encoder = still_encoder(make.__wrapped__(Factory()), Path(temporary) / "still")
        found = {
            case: numbers(task, Path(temporary) / case.replace("/", "-"), encoder, inner_loop)
            for case, (task, inner_loop) in CASES.items()
        }
    FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
