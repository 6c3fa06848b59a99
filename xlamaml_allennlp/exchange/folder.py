"""A transformers folder of an archive, checked against the archive before anybody sees it."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.data import Batch, Vocabulary
from allennlp.models import Archive
from transformers import AutoModelForQuestionAnswering, AutoModelForSequenceClassification, PreTrainedTokenizerFast
from transformers.utils import ModelOutput

from xlamaml_allennlp.encoders.problem import loading_quietly
from xlamaml_allennlp.exchange.weights import whole_model
from xlamaml_allennlp.nli.formats import Row
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier

# The largest difference of two probabilities that is rounding.
TOLERANCE = 1e-6
PAIRS = [
    ("A man sleeps on the sofa.", "Somebody rests."),
    ("वह घर पर है।", "वह बाहर नहीं है।"),
    ("Das Rathaus steht am Markt, die Schule am Fluss.", "Die Schule ist weit weg vom Wasser."),
]
QUESTIONS = [
    ("Where is the town hall?", "The town hall is at the market, and the school is by the river."),
    ("Wo steht das Rathaus?", "Das Rathaus steht am Markt."),
]


def export(archive: Archive, tokenizer: PreTrainedTokenizerFast, folder: Path) -> str:
    """
    Writes a folder that transformers loads, with the archive's answers.

    # Parameters

    archive : `Archive`
        Loaded, with the reader of its validation.
    tokenizer : `PreTrainedTokenizerFast`
        The encoder's.
    folder : `Path`
        Where to; made, and left alone if anything goes wrong.

    # Returns

    `str`
        What somebody who trains the model further must know; empty if nothing.

    # Raises

    `ConfigurationError`
        If the folder holds something, transformers has no class for this model, or what it loads answers otherwise.
    """
    check_empty(folder)
    whole = whole_model(archive.model.eval())
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        with loading_quietly():
            whole.network.save_pretrained(draft)
            tokenizer.save_pretrained(draft)
        check_same(archive, tokenizer, draft)
        if folder.exists():
            folder.rmdir()
        draft.chmod(0o755)  # a temporary folder is its owner's alone
        os.replace(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return whole.note


def check_empty(folder: Path) -> None:
    """Raises a `ConfigurationError` if there is something already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigurationError(f"export: {folder} is there already, and not empty. Give another folder.")


@torch.no_grad()
def check_same(archive: Archive, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Raises a `ConfigurationError` if what transformers loads from the folder gives other probabilities."""
    classifies = isinstance(archive.model, CrossLingualPairClassifier)
    built: Any = AutoModelForSequenceClassification if classifies else AutoModelForQuestionAnswering
    with loading_quietly():
        theirs = built.from_pretrained(folder, trust_remote_code=False).eval()
    compare = _pair_differs if classifies else _question_differs
    for first, second in PAIRS if classifies else QUESTIONS:
        inputs = dict(tokenizer(first, second, return_tensors="pt"))
        language = "und"
        adapters = getattr(archive.model, "_adapters", None)
        if adapters is not None:  # an encoder with an adapter for each language: the first one
            language, inputs["lang_ids"] = theirs.config.languages[0], torch.tensor([0])
        difference = compare(archive, first, second, language, theirs(**inputs))
        if not difference < TOLERANCE:
            raise ConfigurationError(
                f"export: transformers would give probabilities that differ by {difference:.1e} from the archive's, of "
                f'"{first}" and "{second}". Nothing was written.'
            )


def _pair_differs(archive: Archive, premise: str, hypothesis: str, language: str, theirs: ModelOutput) -> float:
    reader: Any = archive.validation_dataset_reader
    ours = archive.model(**_batch(reader.texts_to_instances([Row(premise, hypothesis, language=language)])))
    return _largest(ours["probs"], theirs.logits.softmax(-1))


def _question_differs(archive: Archive, question: str, context: str, language: str, theirs: ModelOutput) -> float:
    reader: Any = archive.validation_dataset_reader
    batch = _batch(reader.text_to_instances(question, context, language))
    ours = archive.model(**batch)
    start, end = batch["context_span"][0].tolist()  # transformers scores the question and special tokens too
    return max(
        _largest(ours[key][:, start:end].softmax(-1), theirs[key][:, start:end].softmax(-1))
        for key in ("start_logits", "end_logits")
    )


def _largest(ours: torch.Tensor, theirs: torch.Tensor) -> float:
    return float((ours - theirs).abs().max())


def _batch(instances: Any) -> dict[str, Any]:
    batch = Batch(instances)
    batch.index_instances(Vocabulary.empty())
    return batch.as_tensor_dict()
