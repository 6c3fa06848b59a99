"""A transformers folder of an archive, checked against the archive before anybody sees it."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from allennlp.common.checks import ConfigurationError
from allennlp.models import Archive
from transformers import (
    AutoModelForQuestionAnswering,
    AutoModelForSequenceClassification,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from xlamaml_allennlp.encoders.problem import loading_quietly
from xlamaml_allennlp.exchange.comparison import check_answers
from xlamaml_allennlp.exchange.onnx import check_installed, write_onnx
from xlamaml_allennlp.exchange.weights import whole_model
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier

# The largest difference of two probabilities that is rounding.
TOLERANCE = 1e-6


def export(archive: Archive, tokenizer: PreTrainedTokenizerFast, folder: Path, onnx: bool = False) -> str:
    """
    Writes a folder that transformers loads, with the archive's answers.

    # Parameters

    archive : `Archive`
        Loaded, with the reader of its validation.
    tokenizer : `PreTrainedTokenizerFast`
        The encoder's.
    folder : `Path`
        Where to; made, and left alone if anything goes wrong.
    onnx : `bool`, optional (default = `False`)
        Whether to write a model for ONNX Runtime too.

    # Returns

    `str`
        What somebody who trains the model further must know; empty if nothing.

    # Raises

    `ConfigurationError`
        If the folder holds something, transformers has no class for this model, what it loads answers otherwise, or
        what writes ONNX is missing.
    """
    check_empty(folder)
    if onnx:
        check_installed()
    whole = whole_model(archive.model.eval())
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        with loading_quietly():
            whole.network.save_pretrained(draft)
            tokenizer.save_pretrained(draft)
        network = check_same(archive, tokenizer, draft)
        if onnx:
            write_onnx(archive, tokenizer, network, draft)
        if folder.exists():
            folder.rmdir()
        let_others_read(draft)
        os.replace(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return whole.note


def let_others_read(draft: Path) -> None:
    """Temporary folders, and weights that safetensors writes, are their owner's alone; the card beside them is not."""
    draft.chmod(0o755)
    for path in draft.iterdir():
        shutil.copymode(draft / "config.json", path)


def check_empty(folder: Path) -> None:
    """Raises a `ConfigurationError` if there is something already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigurationError(f"export: {folder} is there already, and not empty. Give another folder.")


def check_same(archive: Archive, tokenizer: PreTrainedTokenizerFast, folder: Path) -> PreTrainedModel:
    """What transformers loads from the folder; a `ConfigurationError` if it gives other probabilities."""
    classifies = isinstance(archive.model, CrossLingualPairClassifier)
    built: Any = AutoModelForSequenceClassification if classifies else AutoModelForQuestionAnswering
    with loading_quietly():
        theirs = built.from_pretrained(folder, trust_remote_code=False).eval()
    check_answers(archive, tokenizer, lambda inputs: theirs(**inputs), TOLERANCE, "transformers")
    return theirs
