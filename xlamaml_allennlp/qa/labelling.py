"""A window with the answer that a model gave it in the place of a gold one."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.data import Instance
from allennlp.data.fields import MetadataField, TensorField

from xlamaml_allennlp.qa.answer_span import token_span


def with_answer(window: Instance, n_best: Sequence[Mapping[str, Any]]) -> Instance:
    """
    The window, labelled with the tokens of the best answer.

    # Parameters

    window : `Instance`
        A window of the `mlqa` reader.
    n_best : `Sequence[Mapping[str, Any]]`
        What the model answered, best first: the characters of the context where each starts and ends.

    # Raises

    `ConfigurationError`
        If it answered nothing.
    """
    tags = cast(MetadataField, window["metadata"]).metadata
    span = token_span(tags["offsets"], n_best[0]["start"], n_best[0]["end"]) if n_best else None
    if span is None:
        raise ConfigurationError(
            f'question "{tags["id"]}" ({tags["question"]:.40}): the model has no answer that could be explained. Ask '
            "about a longer context."
        )
    first = int(cast(TensorField, window["context_span"]).tensor[0])
    answer = TensorField(torch.tensor([first + span[0], first + span[1]]))
    return Instance({**window.fields, "answer_span": answer})
