"""Sentence pairs to what a transformers encoder takes, many at a time."""

from collections.abc import Sequence

import numpy as np
import torch
from allennlp.common.checks import ConfigurationError
from allennlp.data.fields import TransformerTextField
from transformers import PreTrainedTokenizerFast

# Token ids of texts that were met before. Three pairs of XNLI or MNLI share a premise.
Known = dict[str, np.ndarray]


class PairEncoding:
    """
    Tokenizes pairs and lays them out as the encoder wants them, such as `[CLS] premise [SEP] hypothesis [SEP]`.

    The result is that of calling the tokenizer with `truncation="longest_first"`, at two thirds of the cost: texts
    are tokenized alone, each premise once, and put together here.

    # Parameters

    tokenizer : `PreTrainedTokenizerFast`
        The encoder's tokenizer.
    max_length : `int`
        The most tokens of a pair, special ones included.

    # Raises

    `ConfigurationError`
        If `max_length` is more than the encoder takes or leaves no token for a text, or the tokenizer cannot pad.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerFast, max_length: int) -> None:
        self._tokenizer = tokenizer.backend_tokenizer
        if tokenizer.pad_token_id is None:
            raise ConfigurationError("model_name: the tokenizer has no padding token. Save it with one.")
        self._padding_token_id = tokenizer.pad_token_id
        self._with_types = "token_type_ids" in tokenizer.model_input_names
        self._plain()
        probe = self._tokenizer.encode("1", "2")
        owner = probe.sequence_ids
        # Where the texts are: special tokens | premise | special tokens | hypothesis | special tokens
        first, second = owner.index(0), owner.index(1)
        cuts = (0, first), (first + owner.count(0), second), (second + owner.count(1), len(owner))
        self._ids = [np.array(probe.ids[start:end], dtype=np.int32) for start, end in cuts]
        self._types = [np.array(probe.type_ids[start:end], dtype=np.int32) for start, end in cuts]
        self._text_types = probe.type_ids[first], probe.type_ids[second]
        specials = sum(map(len, self._ids))
        if not specials + 2 <= max_length <= tokenizer.model_max_length:
            raise ConfigurationError(
                f"max_length: {max_length} is not between {specials + 2} ({specials} special tokens and one for each "
                f"text) and the {tokenizer.model_max_length} tokens that the encoder takes."
            )
        self._room = max_length - specials

    def __call__(self, premises: Sequence[str], hypotheses: Sequence[str], known: Known) -> list[TransformerTextField]:
        """
        Encodes pairs.

        # Parameters

        premises : `Sequence[str]`
            The first texts.
        hypotheses : `Sequence[str]`
            The second texts.
        known : `Known`
            Premises that were met before; new ones are added.

        # Returns

        `list[TransformerTextField]`
            A field for each pair, with `input_ids`, `attention_mask`, and `token_type_ids` if the encoder has them.
        """
        new = [premise for premise in dict.fromkeys(premises) if premise not in known]
        ids = self._tokenized([*new, *hypotheses])
        known.update(zip(new, ids[: len(new)], strict=True))
        return [self._field(known[premise], ids[i]) for i, premise in enumerate(premises, start=len(new))]

    def _tokenized(self, texts: list[str]) -> list[np.ndarray]:
        self._plain()
        encodings = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        return [np.array(encoding.ids, dtype=np.int32) for encoding in encodings]

    def _plain(self) -> None:
        # The tokenizer's file or another user of it may have switched these on.
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def _field(self, premise: np.ndarray, hypothesis: np.ndarray) -> TransformerTextField:
        if len(premise) + len(hypothesis) > self._room:
            first, second = longest_first(len(premise), len(hypothesis), self._room)
            premise, hypothesis = premise[:first], hypothesis[:second]
        # Shape: (sequence_length,), in 32 bits: the field makes them 64 when it is batched
        input_ids = _joined(self._ids, premise, hypothesis)
        return TransformerTextField(
            input_ids,
            self._token_types(len(premise), len(hypothesis)) if self._with_types else None,
            torch.ones(len(input_ids), dtype=torch.bool),
            padding_token_id=self._padding_token_id,
        )

    def _token_types(self, first: int, second: int) -> torch.Tensor:
        premise, hypothesis = self._text_types
        return _joined(self._types, np.full(first, premise, np.int32), np.full(second, hypothesis, np.int32))


def _joined(special: list[np.ndarray], premise: np.ndarray, hypothesis: np.ndarray) -> torch.Tensor:
    before, between, after = special
    return torch.from_numpy(np.concatenate((before, premise, between, hypothesis, after)))


def longest_first(first: int, second: int, room: int) -> tuple[int, int]:
    """
    The lengths that two texts are cut to so that they fit into `room` tokens together: the longer one is cut until
    both are equally long, then both; an odd token stays with the text that was longer (the second, if neither was).
    """
    if first + second <= room:
        return first, second
    short, long = min(first, second), max(first, second)
    long = max(short, room - short)
    if short + long > room:
        short, long = room // 2, room - room // 2
    return (long, short) if first > second else (short, long)
