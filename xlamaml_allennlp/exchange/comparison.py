"""Whether another form of an archive's model answers as the archive does, on a few texts."""

from collections.abc import Callable, Mapping
from typing import Any, Optional

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.data import Batch, Vocabulary
from allennlp.models import Archive
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from xlamaml_allennlp.nli.dataset_reader import UNDETERMINED, XnliReader
from xlamaml_allennlp.nli.formats import Row
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier

# From a batch of texts as the tokenizer gives it, to "logits", or to "start_logits" and "end_logits".
Answers = Callable[[dict[str, Tensor]], Mapping[str, Tensor]]

PAIRS = [
    ("A man sleeps on the sofa.", "Somebody rests."),
    ("वह घर पर है।", "वह बाहर नहीं है।"),
    ("Das Rathaus steht am Markt, die Schule am Fluss.", "Die Schule ist weit weg vom Wasser."),
    # Cut by every reader, both of them.
    ("Das Rathaus steht am Markt. " * 60, "Die Schule ist weit weg vom Wasser. " * 50),
]
QUESTIONS = [
    ("Where is the town hall?", "The town hall is at the market, and the school is by the river."),
    ("Wo steht das Rathaus?", "Das Rathaus steht am Markt."),
]


def texts_for(archive: Archive) -> list[tuple[str, str]]:
    """What the archive's model is asked."""
    return PAIRS if isinstance(archive.model, CrossLingualPairClassifier) else QUESTIONS


def encoded(archive: Archive, tokenizer: PreTrainedTokenizerFast, texts: list[tuple[str, str]]) -> dict[str, Tensor]:
    """The texts as one batch, cut where the archive's reader cuts them."""
    first, second = map(list, zip(*texts, strict=True))
    cut = {"truncation": True, "max_length": cut_at(archive)} if cut_at(archive) else {}
    return dict(tokenizer(first, second, padding=True, padding_side="right", return_tensors="pt", **cut))


def cut_at(archive: Archive) -> Optional[int]:
    """The most tokens of a pair; nothing for questions, of which windows are made instead."""
    reader = archive.validation_dataset_reader
    return reader.max_length if isinstance(reader, XnliReader) else None


@torch.no_grad()
def check_answers(
    archive: Archive,
    tokenizer: PreTrainedTokenizerFast,
    answers: Answers,
    tolerance: float,
    name: str,
    together: bool = False,
) -> None:
    """
    Compares probabilities with the archive's.

    # Parameters

    archive : `Archive`
        Loaded, with the reader of its validation.
    tokenizer : `PreTrainedTokenizerFast`
        The encoder's.
    answers : `Answers`
        The other form of the model.
    tolerance : `float`
        The largest difference of two probabilities that is rounding.
    name : `str`
        Whose answers these are, for the error.
    together : `bool`, optional (default = `False`)
        Whether to ask all texts in one batch too, the shorter ones padded.

    # Raises

    `ConfigurationError`
        If a difference reaches the tolerance.
    """
    texts = texts_for(archive)
    for group in [[text] for text in texts] + ([texts] if together else []):
        inputs = encoded(archive, tokenizer, group)
        language = UNDETERMINED
        if getattr(archive.model, "_adapters", None) is not None:  # an adapter for each language: the first one's
            model: Any = archive.model
            language, inputs["lang_ids"] = model.encoder.config.languages[0], torch.tensor([0] * len(group))
        theirs = answers(inputs)
        for number, text in enumerate(group):
            difference = _difference(archive, text, language, {key: theirs[key][number] for key in keys_of(archive)})
            if not difference < tolerance:
                raise ConfigurationError(
                    f"export: {name} would give probabilities that differ by {difference:.1e} from the archive's, of "
                    f'"{text[0][:60]}" and "{text[1][:60]}". Nothing was written.'
                )


def keys_of(archive: Archive) -> tuple[str, ...]:
    """What another form of the model answers."""
    return ("logits",) if isinstance(archive.model, CrossLingualPairClassifier) else ("start_logits", "end_logits")


def _difference(archive: Archive, text: tuple[str, str], language: str, theirs: Mapping[str, Tensor]) -> float:
    reader: Any = archive.validation_dataset_reader
    if isinstance(archive.model, CrossLingualPairClassifier):
        batch = _batch(reader.texts_to_instances([Row(*text, language=language)]))
        return _largest(archive.model(**batch)["probs"][0], theirs["logits"].softmax(-1))
    batch = _batch(reader.text_to_instances(*text, language))
    ours = archive.model(**batch)
    start, end = batch["context_span"][0].tolist()  # the others score the question and special tokens too
    return max(_largest(ours[key][0, start:end].softmax(-1), theirs[key][start:end].softmax(-1)) for key in theirs)


def _largest(ours: Tensor, theirs: Tensor) -> float:
    return float((ours - theirs).abs().max())


def _batch(instances: Any) -> dict[str, Any]:
    batch = Batch(instances)
    batch.index_instances(Vocabulary.empty())
    return batch.as_tensor_dict()
