"""Sentence pairs as rows of a table, and back."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Optional

from allennlp.data import Field, Instance
from allennlp.data.fields import MetadataField

from xlamaml_allennlp.caching.columns import Value, to_bytes, to_text
from xlamaml_allennlp.encoders.token_field import TokenField, kept_tokens, tokens_again
from xlamaml_allennlp.languages.tag import Tag, metadata
from xlamaml_allennlp.nli.label_field import PairLabelField


class PairColumns(NamedTuple):
    """
    How a pair's instance is kept: its tokens and its hypothesis. The premise is its group.

    # Parameters

    labels : `tuple[str, ...]`
        The reader's labels.
    padding_token_id : `int`
        What the encoder pads with.
    """

    labels: tuple[str, ...]
    padding_token_id: int

    def shared(self, instance: Instance) -> Mapping[str, Value]:
        """Nothing: the premise is the group's name."""
        return {}

    def own(self, instance: Instance) -> Mapping[str, Value]:
        """Its tokens and its hypothesis."""
        hypothesis = instance["metadata"].metadata["hypothesis"]  # type: ignore[attr-defined]
        return {**kept_tokens(instance["tokens"]), "hypothesis": to_bytes(hypothesis)}

    def instance(self, tag: Tag, shared: Mapping[str, Any], own: Mapping[str, Any]) -> Instance:
        """The instance as the reader made it."""
        tokens, hypothesis = tokens_again(own, self.padding_token_id), to_text(own["hypothesis"])
        label = tag.label if isinstance(tag.label, int) else None
        return pair_instance(tokens, tag.language, tag.id, tag.group, hypothesis, label, self.labels)


def pair_instance(
    tokens: TokenField,
    language: str,
    id: str,
    premise: str,
    hypothesis: str,
    label: Optional[int],
    labels: tuple[str, ...],
) -> Instance:
    """The instance of a pair, whether it was just read or kept."""
    tags = metadata(language, id, group=premise, premise=premise, hypothesis=hypothesis)
    fields: dict[str, Field] = {"tokens": tokens, "metadata": MetadataField(tags)}
    if label is not None:
        fields["label"] = PairLabelField(label, labels)
    return Instance(fields)
