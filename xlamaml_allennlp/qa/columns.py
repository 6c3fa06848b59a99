"""Windows of questions as rows of a table, and back."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import torch
from allennlp.data import Field, Instance
from allennlp.data.fields import MetadataField, TensorField, TransformerTextField

from xlamaml_allennlp.caching.columns import Value, to_bytes, to_text
from xlamaml_allennlp.encoders.token_field import kept_tokens, tokens_again
from xlamaml_allennlp.languages.tag import Tag, metadata

SPANS = ("context_span", "answer_span")


class WindowColumns(NamedTuple):
    """
    How a window's instance is kept. The context is there once for all questions of a paragraph.

    # Parameters

    padding_token_id : `int`
        What the encoder pads with.
    """

    padding_token_id: int

    def shared(self, instance: Instance) -> Mapping[str, Value]:
        """The context."""
        return {"context": to_bytes(_metadata(instance)["context"])}

    def own(self, instance: Instance) -> Mapping[str, Value]:
        """Its tokens, spans and offsets, the question and the answers."""
        tags = _metadata(instance)
        spans = {name: instance[name].tensor.numpy() for name in SPANS if name in instance.fields}  # type: ignore[attr-defined]
        return {
            **kept_tokens(instance["tokens"]),
            **spans,
            "window": tags["window"],
            "offsets": tags["offsets"].ravel(),
            "question": to_bytes(tags["question"]),
            "question_language": to_bytes(tags["question_language"]),
            "answers": json.dumps(tags["answers"]).encode(),
        }

    def instance(self, tag: Tag, shared: Mapping[str, Any], own: Mapping[str, Any]) -> Instance:
        """The instance as the reader made it."""
        tags = metadata(
            tag.language,
            tag.id,
            tag.group,
            question_language=to_text(own["question_language"]),
            question=to_text(own["question"]),
            context=to_text(shared["context"]),
            answers=json.loads(own["answers"]),
            window=own["window"],
            offsets=own["offsets"].reshape(-1, 2).copy(),
        )
        spans = [torch.from_numpy(own[name].copy()) for name in SPANS if name in own]
        return window_instance(tokens_again(own, self.padding_token_id), spans, tags)


def window_instance(tokens: TransformerTextField, spans: Sequence[torch.Tensor], tags: dict[str, Any]) -> Instance:
    """
    The instance of a window, whether it was just read or kept.

    # Parameters

    tokens : `TransformerTextField`
        What the encoder reads.
    spans : `Sequence[torch.Tensor]`
        The window's part of the context, and the answer if the question has any.
    tags : `dict[str, Any]`
        The metadata.
    """
    context, *answer = map(TensorField, spans)
    fields: dict[str, Field] = {"tokens": tokens, "context_span": context, "metadata": MetadataField(tags)}
    if answer:
        fields["answer_span"] = answer[0]
    return Instance(fields)


def _metadata(instance: Instance) -> dict[str, Any]:
    return instance["metadata"].metadata  # type: ignore[attr-defined]
