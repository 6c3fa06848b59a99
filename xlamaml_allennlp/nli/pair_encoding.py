"""Sentence pairs to what a transformers encoder takes, many at a time."""

from collections.abc import Sequence
from typing import Optional

import numpy as np
from transformers import PreTrainedTokenizerFast

from xlamaml_allennlp.encoders.pair_layout import PairLayout
from xlamaml_allennlp.encoders.token_field import TokenField
from xlamaml_allennlp.nli.formats import Row

# Token ids of texts that were met before. Three pairs of XNLI or MNLI share a premise.
Known = dict[str, np.ndarray]
# Premises whose tokens are remembered: those of some pairs are not far from each other.
REMEMBERED = 100_000


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
        self._layout = PairLayout(tokenizer, max_length)
        self._room = max_length - self._layout.num_special
        # What is left of a space: nothing, or the piece that stands for one.
        (self._nothing,) = self._tokenized([" "])

    def __call__(self, premises: Sequence[str], hypotheses: Sequence[str], known: Known) -> list[Optional[TokenField]]:
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

        `list[Optional[TokenField]]`
            A field for each pair, with `input_ids`, `attention_mask`, and `token_type_ids` if the encoder has them;
            `None` where the tokenizer makes nothing of a text.
        """
        new = [premise for premise in dict.fromkeys(premises) if premise not in known]
        ids = self._tokenized([*new, *hypotheses])
        known.update(zip(new, ids[: len(new)], strict=True))
        return [self._field(known[premise], ids[i]) for i, premise in enumerate(premises, start=len(new))]

    def _tokenized(self, texts: list[str]) -> list[np.ndarray]:
        return [np.array(encoding.ids, dtype=np.int32) for encoding in self._layout.tokenized(texts)]

    def makes_nothing_of(self, text: str) -> bool:
        """Whether the tokenizer makes no more of a text than of a space, as of characters that it drops."""
        return self._is_nothing(*self._tokenized([text]))

    def _is_nothing(self, ids: np.ndarray) -> bool:
        return len(ids) == 0 or (len(ids) == len(self._nothing) and bool((ids == self._nothing).all()))

    def _field(self, premise: np.ndarray, hypothesis: np.ndarray) -> Optional[TokenField]:
        if self._is_nothing(premise) or self._is_nothing(hypothesis):
            return None
        if len(premise) + len(hypothesis) > self._room:
            first, second = longest_first(len(premise), len(hypothesis), self._room)
            premise, hypothesis = premise[:first], hypothesis[:second]
        return self._layout.field(premise, hypothesis)


class PairsEncoding:
    """
    Encodes batch after batch of rows, and remembers premises of the last ones.

    # Parameters

    encoding : `PairEncoding`
        What encodes a batch.
    """

    def __init__(self, encoding: PairEncoding) -> None:
        self._encoding = encoding
        self._known: Known = {}

    def __call__(self, batch: Sequence[tuple[str, Row]]) -> list[Optional[TokenField]]:
        """A field for each row, which comes with its file; as `PairEncoding`."""
        if len(self._known) > REMEMBERED:
            self._known.clear()
        premises, hypotheses = [row.premise for _, row in batch], [row.hypothesis for _, row in batch]
        return self._encoding(premises, hypotheses, self._known)


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
