"""An encoder with a classifier of sentence pairs on it: one linear layer, or transformers' own head."""

from collections.abc import Sequence
from typing import Any, Optional

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary
from transformers import PreTrainedModel

from xlamaml_allennlp.encoders.checkpoint import Checkpoint
from xlamaml_allennlp.encoders.head import new_head
from xlamaml_allennlp.encoders.kind import check_begins_with_special
from xlamaml_allennlp.encoders.own_head import SEQUENCE_CLASSIFICATION, OwnHead
from xlamaml_allennlp.encoders.pretrained_model import PretrainedModel, at_least_float32

POOLINGS = ("cls", "pooler", "mean", "own")


class PairScorer(PretrainedModel):
    """
    The part of a classifier of pairs that has weights.

    # Parameters

    vocab : `Vocabulary`
        For AllenNLP.
    model_name : `str`
        The encoder.
    labels : `Sequence[str]`
        Names of the classes in the order of their indices.
    pooling : `str`
        One of `POOLINGS`.
    dropout : `Optional[float]`
        Probability of dropout before the linear layer; `None`: 0.1.
    pretrained_labels : `Optional[Sequence[str]]`
        Our names for the classes of a transformers checkpoint, in its order.
    stock : `Any`
        Further keys of `PretrainedModel`.
    """

    task = SEQUENCE_CLASSIFICATION

    def __init__(
        self,
        vocab: Vocabulary,
        model_name: str,
        labels: Sequence[str],
        pooling: str,
        dropout: Optional[float],
        pretrained_labels: Optional[Sequence[str]],
        **stock: Any,
    ) -> None:
        _check(pooling, dropout)
        self._labels = tuple(labels)
        self._pooling = pooling
        self._pretrained_labels = pretrained_labels
        super().__init__(vocab, model_name, pooler=pooling == "pooler", own_head=pooling == "own", **stock)
        if pooling == "cls":
            check_begins_with_special(self.encoder, model_name)
        self.dropout = torch.nn.Dropout(0.1 if dropout is None else dropout)
        config, where = self.encoder.config, f'pooling: "own" of "{model_name}"'
        self.classifier: torch.nn.Module = (
            OwnHead(config, SEQUENCE_CLASSIFICATION, len(self._labels), where)
            if pooling == "own"
            else new_head(config, len(self._labels))
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the classes in the order of their indices."""
        return self._labels

    @property
    def pooling(self) -> str:
        """What stands for a pair."""
        return self._pooling

    def scores(self, tokens: dict[str, torch.Tensor], metadata: Optional[list[dict[str, Any]]]) -> torch.Tensor:
        """The logits of a batch, in float32 at least. Shape: (batch_size, num_labels)"""
        encoded = self.encoded(tokens, metadata)
        if isinstance(self.classifier, OwnHead):
            return at_least_float32(self.classifier(encoded, tokens).logits)
        if self._pooling == "pooler":
            pooled = encoded.pooler_output  # Shape: (batch_size, hidden_size)
        else:
            pooled = _pooled(encoded.last_hidden_state, tokens["attention_mask"], self._pooling)
        return at_least_float32(self.classifier(self.dropout(pooled)))

    def check_checkpoint(self, checkpoint: Checkpoint) -> None:
        if self._pooling != "own":
            raise ConfigurationError(
                f'pretrained_file: "{checkpoint.name}" has the head of transformers, which is no linear layer on '
                f'"{self._pooling}". Give the model `pooling: "own"`.'
            )
        checkpoint.order_of(self._labels, self._pretrained_labels)

    def take_head(self, network: PreTrainedModel, checkpoint: Checkpoint) -> None:
        assert isinstance(self.classifier, OwnHead)
        self.classifier.take(network, checkpoint.order_of(self._labels, self._pretrained_labels))


def _check(pooling: str, dropout: Optional[float]) -> None:
    if pooling not in POOLINGS:
        raise ConfigurationError(f'pooling: "{pooling}" is none of {", ".join(POOLINGS)}.')
    if dropout is None:
        return
    if pooling == "own":
        raise ConfigurationError('dropout: the head of the pooling "own" has its own. Leave the key out.')
    if not 0 <= dropout < 1:
        raise ConfigurationError(f"dropout: {dropout} is not in [0, 1).")


def _pooled(hidden: torch.Tensor, mask: torch.Tensor, pooling: str) -> torch.Tensor:
    """From (batch_size, sequence_length, hidden_size) to (batch_size, hidden_size)."""
    if pooling == "cls":
        return hidden[:, 0]
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(dim=1) / weights.sum(dim=1)
