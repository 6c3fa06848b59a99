"""The field that holds what an encoder reads."""

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np
import torch
from allennlp.data.fields import TransformerTextField


class TokenField(TransformerTextField):
    """
    A `TransformerTextField` that crosses to another process by value.

    PyTorch sends each tensor through a file that both processes keep open: a few hundred instances from the workers
    of a data loader would use up what a process may open.

    # Parameters

    input_ids : `np.ndarray`
        Token ids. Shape: (sequence_length,)
    token_type_ids : `Optional[np.ndarray]`
        Token types, for an encoder that has them. Shape: (sequence_length,)
    padding_token_id : `int`
        What the encoder pads with.
    """

    # Without `__slots__` of its own: those of the base class are what it iterates over.

    def __init__(self, input_ids: np.ndarray, token_type_ids: Optional[np.ndarray], padding_token_id: int) -> None:
        super().__init__(
            torch.from_numpy(input_ids),
            None if token_type_ids is None else torch.from_numpy(token_type_ids),
            torch.ones(len(input_ids), dtype=torch.bool),
            padding_token_id=padding_token_id,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        types = None if self.token_type_ids is None else self.token_type_ids.numpy()
        return TokenField, (self.input_ids.numpy(), types, self.padding_token_id)


def kept_tokens(field: Any) -> dict[str, np.ndarray]:
    """What a `TokenField` holds, as arrays; types in a byte each."""
    kept = {"input_ids": field.input_ids.numpy()}
    if field.token_type_ids is not None:
        kept["token_type_ids"] = field.token_type_ids.numpy().astype(np.int8)
    return kept


def tokens_again(kept: Mapping[str, np.ndarray], padding_token_id: int) -> TokenField:
    """The field that `kept_tokens` made arrays of."""
    types = kept.get("token_type_ids")
    # Copies: tensors may be changed, and what is kept must not be.
    return TokenField(kept["input_ids"].copy(), None if types is None else types.astype(np.int32), padding_token_id)
