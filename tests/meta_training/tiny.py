"""A task small enough to meta-train in milliseconds: four numbers to one of two labels, in several languages."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import torch
from allennlp.common import Params
from allennlp.data import DatasetReader, Instance
from allennlp.data.fields import LabelField, MetadataField, TensorField
from allennlp.models import Model
from allennlp.training.metrics import CategoricalAccuracy

from xlamaml_allennlp.languages.tag import metadata

LANGUAGES = ["en", "hi", "ur"]


def write_data(folder: Path, size: int = 12) -> Path:
    """One file of `size` examples in each language, parallel by id; the label is whether the sum is above 0."""
    generator = torch.Generator().manual_seed(5)
    path = folder / "tiny.tsv"
    rows = []
    for shift, language in enumerate(LANGUAGES):
        for i in range(size):
            numbers = torch.randn(4, generator=generator) + 0.1 * shift
            rows.append("\t".join([language, str(i), str(int(numbers.sum() > 0)), *map(str, numbers.tolist())]))
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@DatasetReader.register("tiny_numbers")
class TinyReader(DatasetReader):
    def __init__(self, languages: list[str] = LANGUAGES) -> None:
        super().__init__()
        self.languages = languages

    def _read(self, file_path: Any) -> Any:
        for row in Path(file_path).read_text(encoding="utf-8").splitlines():
            language, id_, label, *numbers = row.split("\t")
            if language in self.languages:
                tags = metadata(language, id_, group=id_)
                yield Instance(
                    {
                        "numbers": TensorField(torch.tensor([float(number) for number in numbers])),
                        "label": LabelField(int(label), skip_indexing=True),
                        "metadata": MetadataField(tags),
                    }
                )


@Model.register("tiny_classifier")
class TinyClassifier(Model):
    """`explode_at` makes the forward pass with that number (from 1) return a loss of nan."""

    def __init__(
        self, vocab: Any, dropout: float = 0.3, explode_at: int = 0, ddp_accelerator: Any = None, **more: Any
    ) -> None:
        super().__init__(vocab, **more)
        torch.manual_seed(1)
        self.hidden = torch.nn.Linear(4, 6)
        self.dropout = torch.nn.Dropout(dropout)
        self.out = torch.nn.Linear(6, 2)
        self.unused = torch.nn.Linear(1, 1)  # gets no gradient
        self.accuracy = CategoricalAccuracy()
        self.explode_at = explode_at
        self.passes = [0]  # a list, so that functional copies count along

    def forward(self, numbers: torch.Tensor, label: Any = None, metadata: Any = None) -> dict[str, Any]:
        self.passes[0] += 1
        # Shape: (batch_size, 2)
        logits = self.out(self.dropout(torch.tanh(self.hidden(numbers))))
        outputs = {"logits": logits, "metadata": metadata}
        if label is not None:
            self.accuracy(logits, label)
            factor = float("nan") if self.passes[0] == self.explode_at else 1.0
            outputs["loss"] = torch.nn.functional.cross_entropy(logits, label) * factor
        return outputs

    def get_metrics(self, reset: bool = False) -> dict[str, float]:
        return {"accuracy": self.accuracy.get_metric(reset)}


def config(data: Path, model: Any = None, episodes: int = 6, top: Any = None, **trainer: Any) -> Params:
    """A whole configuration of a small run: en to hi and ur, two episodes per meta step."""
    return Params(
        {
            "dataset_reader": {"type": "tiny_numbers"},
            "validation_dataset_reader": {"type": "tiny_numbers", "languages": ["ur"]},
            "train_data_path": str(data),
            "validation_data_path": str(data),
            "vocabulary": {"type": "empty"},
            "model": {"type": "tiny_classifier", **(model or {})},
            "data_loader": {
                "type": "episodes",
                "languages": {"type": "cross_lingual", "support": ["en"], "query": ["hi", "ur"]},
                "sampler": {"type": "random", "support_size": 3, "query_size": 3},
                "episodes_per_epoch": episodes,
            },
            "validation_data_loader": {"batch_size": 3},
            "trainer": {
                "type": "meta",
                "cuda_device": -1,
                "inner_loop": {"type": "higher", "lr": 0.1},
                "num_epochs": 2,
                "num_gradient_accumulation_steps": 2,
                "optimizer": {"type": "adamw", "lr": 0.01},
                **trainer,
            },
        }
        | deepcopy(top or {})  # because AllenNLP takes out of it what it reads
    )
