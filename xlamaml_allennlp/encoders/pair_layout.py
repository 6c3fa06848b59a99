"""Two texts in one sequence, as an encoder wants them."""

from collections.abc import Sequence

import numpy as np
from allennlp.common.checks import ConfigurationError
from tokenizers import Encoding
from transformers import PreTrainedTokenizerFast

from xlamaml_allennlp.encoders.token_field import TokenField


class PairLayout:
    """
    Tokenizes texts alone, each once however often it is used, and puts two of them together with the special tokens
    and token types that the encoder wants, such as `[CLS] first [SEP] second [SEP]`.

    The result is that of calling the tokenizer with the pair.

    # Parameters

    tokenizer : `PreTrainedTokenizerFast`
        The encoder's tokenizer.
    max_length : `int`
        The most tokens of a pair, special ones included; used to check what the encoder takes.

    # Raises

    `ConfigurationError`
        If `max_length` is more than the encoder takes or leaves no token for a text, or the tokenizer cannot pad.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerFast, max_length: int) -> None:
        self._tokenizer = tokenizer.backend_tokenizer
        if tokenizer.pad_token_id is None:
            raise ConfigurationError(
                "model_name: the tokenizer has no padding token. Save it with one of its own pieces as such."
            )
        self._padding_token_id = tokenizer.pad_token_id
        self._with_types = "token_type_ids" in tokenizer.model_input_names
        self._plain()
        # Learnt from a pair: the tokenizer's `build_inputs_with_special_tokens` is right for some classes only.
        probe = self._tokenizer.encode("1", "2")
        owner = probe.sequence_ids
        # Where the texts are: special tokens | first | special tokens | second | special tokens
        first, second = owner.index(0), owner.index(1)
        cuts = (0, first), (first + owner.count(0), second), (second + owner.count(1), len(owner))
        self._ids = [np.array(probe.ids[start:end], dtype=np.int32) for start, end in cuts]
        self._types = [np.array(probe.type_ids[start:end], dtype=np.int32) for start, end in cuts]
        self._text_types = probe.type_ids[first], probe.type_ids[second]
        self._check(max_length, tokenizer.model_max_length)

    def _check(self, max_length: int, most: int) -> None:
        if not self.num_special + 2 <= max_length <= most:
            raise ConfigurationError(
                f"max_length: {max_length} is not between {self.num_special + 2} ({self.num_special} special tokens "
                f"and one for each text) and the {most} tokens that the encoder takes."
            )

    @property
    def num_special(self) -> int:
        """Special tokens of a pair."""
        return sum(map(len, self._ids))

    @property
    def begins_with_special(self) -> bool:
        """Whether a pair's first token is a special one, such as [CLS]."""
        return len(self._ids[0]) > 0

    def start_of_second(self, first: int) -> int:
        """Where the second text starts when the first has so many tokens."""
        return len(self._ids[0]) + first + len(self._ids[1])

    def tokenized(self, texts: Sequence[str]) -> list[Encoding]:
        """Tokenizes texts, without special tokens and all of each."""
        self._plain()
        return self._tokenizer.encode_batch(list(texts), add_special_tokens=False)

    def _plain(self) -> None:
        # The tokenizer's file or another user of it may have switched these on.
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def field(self, first: np.ndarray, second: np.ndarray) -> TokenField:
        """
        Puts two texts together.

        # Parameters

        first : `np.ndarray`
            Token ids of the first text, in 32 bits. Shape: (num_tokens,)
        second : `np.ndarray`
            Token ids of the second text, in 32 bits. Shape: (num_tokens,)

        # Returns

        `TokenField`
            With `input_ids`, `attention_mask`, and `token_type_ids` if the encoder has them.
        """
        # Shape: (sequence_length,), in 32 bits: the field makes them 64 when it is batched
        input_ids = _joined(self._ids, first, second)
        types = self._token_types(len(first), len(second)) if self._with_types else None
        return TokenField(input_ids, types, self._padding_token_id)

    def _token_types(self, first: int, second: int) -> np.ndarray:
        of_first, of_second = self._text_types
        return _joined(self._types, np.full(first, of_first, np.int32), np.full(second, of_second, np.int32))


def _joined(special: list[np.ndarray], first: np.ndarray, second: np.ndarray) -> np.ndarray:
    before, between, after = special
    return np.concatenate((before, first, between, second, after))
