"""A question and its context as the encoder takes them: in windows, with the characters behind each token."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Optional

import numpy as np
from allennlp.common.checks import ConfigurationError
from transformers import PreTrainedTokenizerFast

from xlamaml_allennlp.qa.answer_span import character_span


class Context(NamedTuple):
    """
    A tokenized context.

    # Parameters

    ids : `np.ndarray`
        Its tokens. Shape: (num_tokens,)
    offsets : `np.ndarray`
        Each token's first character and the one after its last. Shape: (num_tokens, 2)
    """

    ids: np.ndarray
    offsets: np.ndarray

    def text(self, span: Optional[tuple[int, int]], context: str) -> str:
        """What a span of tokens (first and last, inclusive) stands for in the context; empty where it is `None`."""
        if span is None:
            return ""
        start, end = character_span(self.offsets, *span, context)
        return context[start:end]


class Window(NamedTuple):
    """
    A question with a part of its context.

    # Parameters

    ids : `np.ndarray`
        Special tokens, question, and part of the context. Shape: (num_tokens,)
    types : `Optional[np.ndarray]`
        Token types, if the encoder has them. Shape: (num_tokens,)
    first : `int`
        The window's token at which the part of the context starts.
    start : `int`
        The context's token at which the part starts.
    length : `int`
        The part's tokens.
    """

    ids: np.ndarray
    types: Optional[np.ndarray]
    first: int
    start: int
    length: int

    def holds(self, span: Optional[tuple[int, int]]) -> Optional[tuple[int, int]]:
        """
        Where a span of the context's tokens (first and last, inclusive) is in the window, or `None` if not all of it
        is.
        """
        if span is None or span[0] < self.start or span[1] >= self.start + self.length:
            return None
        return span[0] - self.start + self.first, span[1] - self.start + self.first


class Windows:
    """
    Cuts contexts into overlapping windows behind their questions.

    The result is the tokenizer's own for the pair (`truncation="only_second"`, `return_overflowing_tokens`), but
    every context is tokenized once, however many questions and windows it has.

    # Parameters

    tokenizer : `PreTrainedTokenizerFast`
        The encoder's tokenizer.
    max_length : `int`
        The most tokens of a window, special tokens included.
    stride : `int`
        The tokens of the context that consecutive windows share, at least 0.
    max_question_length : `int`
        The tokens at which a question is cut, at least 1.

    # Raises

    `ConfigurationError`
        If a window has no room for more than `stride` tokens of the context, or the tokenizer begins a pair without a
        special token.
    """

    def __init__(
        self, tokenizer: PreTrainedTokenizerFast, max_length: int, stride: int, max_question_length: int
    ) -> None:
        self._tokenizer = tokenizer.backend_tokenizer
        self._max_length = max_length
        self._stride = stride
        self._max_question_length = max_question_length
        self._learn_template(tokenizer)
        special = len(self._head) + len(self._middle) + len(self._tail)
        room = max_length - special - max_question_length
        if stride < 0 or max_question_length < 1 or room <= stride:
            raise ConfigurationError(
                f"max_length: {max_length} tokens less {special} special ones and a question of up to "
                f"{max_question_length} (max_question_length) leave {room} for the context, which is not more than "
                f"the overlap of {stride} (stride). Raise max_length, or lower the others (stride >= 0, "
                "max_question_length >= 1)."
            )

    def _learn_template(self, tokenizer: PreTrainedTokenizerFast) -> None:
        # From a pair that the tokenizer wrote: `build_inputs_with_special_tokens` is right for some classes only.
        pair = tokenizer("a", "a").encodings[0]
        sides = pair.sequence_ids
        question, context = sides.index(0), sides.index(1)
        question_end, context_end = len(sides) - sides[::-1].index(0), len(sides) - sides[::-1].index(1)
        ids = np.asarray(pair.ids, dtype=np.int64)
        self._head, self._middle, self._tail = ids[:question], ids[question_end:context], ids[context_end:]
        if not len(self._head):
            raise ConfigurationError(
                f"model_name: {type(tokenizer).__name__} begins a pair without a special token such as [CLS], which "
                "windows without the answer point at. Take an encoder of the BERT, RoBERTa or XLM-R kind."
            )
        self._types: Optional[tuple[np.ndarray, ...]] = None
        if "token_type_ids" in tokenizer.model_input_names:
            types = np.asarray(pair.type_ids, dtype=np.int64)
            parts = types[:question], types[[question]], types[question_end:context], types[[context]]
            self._types = (*parts, types[context_end:])

    def contexts(self, texts: Sequence[str]) -> list[Context]:
        """Tokenizes contexts."""
        return [
            Context(np.asarray(e.ids, dtype=np.int64), np.asarray(e.offsets, dtype=np.int32).reshape(-1, 2))
            for e in self._encode(texts)
        ]

    def questions(self, texts: Sequence[str]) -> list[np.ndarray]:
        """Tokenizes questions, all of their tokens. Shape of each: (num_tokens,)"""
        return [np.asarray(e.ids, dtype=np.int64) for e in self._encode(texts)]

    def _encode(self, texts: Sequence[str]) -> list:
        # Whoever used the tokenizer last may have left it truncating or padding.
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        return self._tokenizer.encode_batch(list(texts), add_special_tokens=False)

    def cut(self, question: np.ndarray, context: Context) -> Iterator[Window]:
        """
        The windows of a question. Each starts `stride` tokens before the last one ended; the last holds the end of
        the context.
        """
        head = np.concatenate([self._head, question[: self._max_question_length], self._middle])
        room = self._max_length - len(head) - len(self._tail)
        start = 0
        while True:
            part = context.ids[start : start + room]
            ids = np.concatenate([head, part, self._tail])
            yield Window(ids, self._types_of(question, part), len(head), start, len(part))
            if start + room >= len(context.ids):
                return
            start += room - self._stride

    def is_cut(self, question: np.ndarray) -> bool:
        """Whether a question is longer than windows take it."""
        return len(question) > self._max_question_length

    def _types_of(self, question: np.ndarray, part: np.ndarray) -> Optional[np.ndarray]:
        if self._types is None:
            return None
        head, of_question, middle, of_context, tail = self._types
        asked = min(len(question), self._max_question_length)
        return np.concatenate([head, of_question.repeat(asked), middle, of_context.repeat(len(part)), tail])
