"""What one meta step of the benchmark works on: an encoder with random weights, a support and a query batch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import Module
from transformers import (
    BertConfig,
    BertForQuestionAnswering,
    BertForSequenceClassification,
    XLMRobertaConfig,
    XLMRobertaForQuestionAnswering,
    XLMRobertaForSequenceClassification,
)

# Tokens per pair of XNLI's development set, as XLM-R splits them: the eight 9-quantiles, in English and in Hindi.
ENGLISH = (26, 31, 35, 39, 43, 48, 53, 58)
HINDI = (29, 35, 40, 45, 51, 56, 62, 71)


@dataclass(frozen=True)
class Size:
    """An encoder's measures; the family is BERT, or XLM-R where the padding id is 1."""

    layers: int
    width: int
    vocabulary: int
    padding: int = 0

    @property
    def body(self) -> int:
        """Parameters of the layers' matrices: attention 4 w^2, feed-forward 8 w^2."""
        return self.layers * 12 * self.width**2


SIZES = {
    "mbert": Size(12, 768, 119_547),
    "xlmr": Size(12, 768, 250_002, padding=1),
    "xlmr-large": Size(24, 1024, 250_002, padding=1),
    "tiny": Size(2, 128, 20_000),
}


@dataclass(frozen=True)
class Case:
    """An episode's shape: the task, the tokens of each example, and the inner steps."""

    name: str
    task: str
    support: tuple[int, ...]
    query: tuple[int, ...]
    num_steps: int

    def forward_operations(self, size: Size, lengths: Sequence[int]) -> float:
        """Operations in the matrix products of one forward pass, padding included."""
        longest = max(lengths)
        tokens = len(lengths) * longest
        return 2 * tokens * size.body + size.layers * 4 * tokens * longest * size.width


CASES = [
    *(Case(f"NLI, {steps} inner step{'s' * (steps > 1)}", "nli", ENGLISH, HINDI, steps) for steps in (1, 3, 5)),
    Case("QA 8 x 384, 1 inner step", "qa", (384,) * 8, (384,) * 8, 1),
]


def build_model(size: Size, task: str) -> Module:
    """A transformers model with random weights, in training mode with its usual dropout."""
    torch.manual_seed(0)
    keys: dict[str, Any] = {
        "vocab_size": size.vocabulary,
        "hidden_size": size.width,
        "num_hidden_layers": size.layers,
        "num_attention_heads": max(2, size.width // 64),
        "intermediate_size": 4 * size.width,
        "pad_token_id": size.padding,
        "num_labels": 3 if task == "nli" else 2,
        "attn_implementation": "eager",
    }
    if size.padding:
        config = XLMRobertaConfig(**keys, max_position_embeddings=514, type_vocab_size=1)
        kinds: tuple[Any, Any] = (XLMRobertaForSequenceClassification, XLMRobertaForQuestionAnswering)
    else:
        config = BertConfig(**keys, max_position_embeddings=512)
        kinds = (BertForSequenceClassification, BertForQuestionAnswering)
    return kinds[task == "qa"](config).train()


class Batch:
    """The loss on one batch as a function of the network; a mean over examples that can be taken apart."""

    def __init__(self, inputs: dict[str, Tensor], bf16: bool) -> None:
        self._inputs, self._bf16 = inputs, bf16

    @property
    def size(self) -> int:
        return len(self._inputs["input_ids"])

    def __call__(self, net: Callable[..., Any]) -> Tensor:
        device = self._inputs["input_ids"].device.type
        with torch.autocast(device, torch.bfloat16, enabled=self._bf16):
            return net(**self._inputs).loss

    def to(self, device: torch.device) -> "Batch":
        return Batch({name: tensor.to(device) for name, tensor in self._inputs.items()}, self._bf16)

    def split(self, micro_batch_size: int) -> list[tuple[float, "Batch"]]:
        """Parts by length, each padded to its own longest example, as the sides of episodes are taken apart."""
        lengths = self._inputs["attention_mask"].sum(dim=1)
        parts = [self._part(rows, int(lengths[rows].max())) for rows in lengths.argsort().split(micro_batch_size)]
        return [(part.size / self.size, part) for part in parts]

    def _part(self, rows: Tensor, longest: int) -> "Batch":
        chosen = {name: tensor[rows] for name, tensor in self._inputs.items()}
        trimmed = {name: tensor[:, :longest] if tensor.dim() == 2 else tensor for name, tensor in chosen.items()}
        return Batch(trimmed, self._bf16)


def build_batch(size: Size, task: str, lengths: Sequence[int], seed: int, bf16: bool) -> Batch:
    """Random word ids, padded to the longest example as a collated batch is; random labels or spans."""
    generator = torch.Generator().manual_seed(seed)
    longest = max(lengths)
    ids = torch.randint(100, size.vocabulary, (len(lengths), longest), generator=generator)
    mask = torch.arange(longest).unsqueeze(0) < torch.tensor(lengths).unsqueeze(1)
    inputs = {"input_ids": ids.masked_fill(~mask, size.padding), "attention_mask": mask.long()}
    if task == "nli":
        inputs["labels"] = torch.randint(0, 3, (len(lengths),), generator=generator)
    else:
        for name in ("start_positions", "end_positions"):
            inputs[name] = torch.randint(0, min(lengths), (len(lengths),), generator=generator)
    return Batch(inputs, bf16)
