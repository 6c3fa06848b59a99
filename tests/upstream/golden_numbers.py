"""What an encoder makes of fixed texts, in numbers that do not depend on the machine: goldens are made of these."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from allennlp.data import Batch, Instance, Vocabulary
from allennlp.models import Model

from tests.upstream.golden_encoders import TEXTS
from xlamaml_allennlp.encoders.encoder import load_encoder
from xlamaml_allennlp.encoders.tokenizer import load_tokenizer
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier
from xlamaml_allennlp.qa.dataset_reader import MlqaReader
from xlamaml_allennlp.qa.model import CrossLingualSpanQa
from xlamaml_allennlp.qa.question import Gold

PAIRS = [
    (TEXTS[0], "He is asleep.", "entailment", "en"),
    (TEXTS[3], "वह जाग रहा है।", "contradiction", "hi"),
    (TEXTS[1], TEXTS[2], "neutral", "fr"),
]
QUESTIONS = [
    ("Who is sleeping?", "At night, a man is sleeping. " * 3, "a man", "en"),
    ("कौन सो रहा है?", "वह आदमी सो रहा है।", "आदमी", "hi"),
]


def pieces(folder: Path) -> dict[str, Any]:
    """Token ids and offsets of single texts and of pairs, as the tokenizer itself gives them."""
    tokenizer = load_tokenizer(str(folder))
    single = tokenizer(TEXTS, return_offsets_mapping=True)
    paired = tokenizer(TEXTS, TEXTS[::-1])
    return {
        "ids": single["input_ids"],
        "offsets": [[list(span) for span in spans] for spans in single["offset_mapping"]],
        "pairs": paired["input_ids"],
        "inputs": sorted(paired),
    }


def nli(folder: Path) -> dict[str, Any]:
    """A batch of pairs: token ids, logits, loss and gradient."""
    reader = XnliReader(str(folder))
    instances = [reader.text_to_instance(first, second, label, language) for first, second, label, language in PAIRS]
    return _numbers(CrossLingualPairClassifier(Vocabulary.empty(), str(folder), dropout=0.0), instances, ["logits"])


def qa(folder: Path) -> dict[str, Any]:
    """A batch of windows: token ids, logits, loss and gradient."""
    reader = MlqaReader(str(folder), max_length=64, stride=16, max_question_length=24)
    instances = [
        instance
        for question, context, answer, language in QUESTIONS
        for instance in reader.text_to_instances(
            question, context, language, answers=[Gold(answer, context.index(answer))]
        )
    ]
    return _numbers(CrossLingualSpanQa(Vocabulary.empty(), str(folder)), instances, ["start_logits", "end_logits"])


def _numbers(model: Model, instances: Iterable[Instance], logits: list[str]) -> dict[str, Any]:
    # In 64 bits, so that another release or machine may sum in another order.
    model.double().eval()
    _fill(parameter for name, parameter in model.named_parameters() if not name.startswith("encoder."))
    batch = Batch(list(instances))
    batch.index_instances(model.vocab)
    tensors: Any = batch.as_tensor_dict()
    output = model(**tensors)
    output["loss"].backward()
    return {
        "input_ids": tensors["tokens"]["input_ids"].tolist(),
        **{name: output[name].masked_fill(output[name].isinf(), 0).tolist() for name in logits},
        "loss": output["loss"].item(),
        "gradient": {
            name: _projections(parameter.grad)
            for name, parameter in sorted(model.named_parameters())
            if parameter.grad is not None
        },
    }


@torch.no_grad()
def _fill(parameters: Iterable[torch.nn.Parameter]) -> None:
    for parameter in parameters:
        parameter.copy_(torch.cos(1.7 * torch.arange(parameter.numel())).view_as(parameter))


def _projections(gradient: torch.Tensor) -> list[float]:
    """Its norm, and its product with a vector that no symmetry hides from."""
    flat = gradient.flatten()
    return [flat.norm().item(), (flat @ torch.cos(torch.arange(len(flat), dtype=flat.dtype))).item()]


def demo(folder: Path) -> dict[str, Any]:
    """The demo's encoder: token ids, and where it puts each text."""
    tokenizer, encoder = load_tokenizer(str(folder)), load_encoder(str(folder)).double().eval()
    batch = tokenizer(TEXTS, return_tensors="pt", padding=True)
    with torch.no_grad():
        hidden = encoder(**batch).last_hidden_state
    return {"ids": batch["input_ids"].tolist(), "first": [_projections(text[0]) for text in hidden]}


def rounded(value: Any) -> Any:
    """The same with twelve digits, which is more than any comparison needs."""
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    return [rounded(each) for each in value] if isinstance(value, (list, tuple)) else value
