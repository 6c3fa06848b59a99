"""A question and its context as the encoder takes them: in windows, with the characters behind each token."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Optional

import numpy as np
from allennlp.common.checks import ConfigurationError
from allennlp.data.fields import TransformerTextField
from transformers import PreTrainedTokenizerFast

from xlamaml_allennlp.encoders.pair_layout import PairLayout
from xlamaml_allennlp.qa.answer_span import character_span
from xlamaml_allennlp.qa.question import Question


class Tokens(NamedTuple):
    """
    A tokenized text, all of it.

    # Parameters

    ids : `np.ndarray`
        Its tokens. Shape: (num_tokens,)
    offsets : `np.ndarray`
        Each token's first character and the one after its last. Shape: (num_tokens, 2)
    """

    ids: np.ndarray
    offsets: np.ndarray

    def said(self, span: Optional[tuple[int, int]], text: str) -> str:
        """What a span of tokens (first and last, inclusive) stands for in the text; empty where it is `None`."""
        if span is None:
            return ""
        start, end = character_span(self.offsets, *span, text)
        return text[start:end]


# Contexts by their texts, and questions in their order.
TokenizedBatch = tuple[dict[str, Tokens], list[Tokens]]


class Window(NamedTuple):
    """
    A question with a part of its context.

    # Parameters

    tokens : `TransformerTextField`
        Special tokens, question, and part of the context.
    first : `int`
        The window's token at which the part of the context starts.
    start : `int`
        The context's token at which the part starts.
    length : `int`
        The part's tokens.
    """

    tokens: TransformerTextField
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
        If a window is more than the encoder takes or has no room for more than `stride` tokens of the context, or the
        tokenizer begins a pair without a special token.
    """

    def __init__(
        self, tokenizer: PreTrainedTokenizerFast, max_length: int, stride: int, max_question_length: int
    ) -> None:
        self._layout = PairLayout(tokenizer, max_length)
        self._room = max_length - self._layout.num_special
        self._stride = stride
        self._max_question_length = max_question_length
        least = self._room - max_question_length
        if stride < 0 or max_question_length < 1 or least <= stride:
            raise ConfigurationError(
                f"max_length: {max_length} tokens less {self._layout.num_special} special ones and a question of up "
                f"to {max_question_length} (max_question_length) leave {least} for the context, which is not more "
                f"than the overlap of {stride} (stride). Raise max_length, or lower the others (stride >= 0, "
                "max_question_length >= 1)."
            )
        if not self._layout.begins_with_special:
            raise ConfigurationError(
                f"model_name: {type(tokenizer).__name__} begins a pair without a special token such as [CLS], which "
                "windows without the answer point at. Take an encoder of the BERT, RoBERTa or XLM-R kind."
            )

    def tokenized(self, texts: Sequence[str]) -> list[Tokens]:
        """Tokenizes questions or contexts."""
        return [
            Tokens(np.array(e.ids, dtype=np.int32), np.array(e.offsets, dtype=np.int32).reshape(-1, 2))
            for e in self._layout.tokenized(texts)
        ]

    def of_batch(self, batch: Sequence[Question]) -> TokenizedBatch:
        """The tokens of some questions' contexts, each once, and of the questions."""
        contexts = list(dict.fromkeys(question.context for question in batch))
        told = dict(zip(contexts, self.tokenized(contexts), strict=True))
        return told, self.tokenized([question.text for question in batch])

    def cut(self, question: Tokens, context: Tokens) -> Iterator[Window]:
        """
        The windows of a question. Each starts `stride` tokens before the last one ended; the last holds the end of
        the context.
        """
        ids = question.ids[: self._max_question_length]
        first, room = self._layout.start_of_second(len(ids)), self._room - len(ids)
        start = 0
        while True:
            part = context.ids[start : start + room]
            yield Window(self._layout.field(ids, part), first, start, len(part))
            if start + room >= len(context.ids):
                return
            start += room - self._stride

    def is_cut(self, question: Tokens) -> bool:
        """Whether a question is longer than windows take it."""
        return len(question.ids) > self._max_question_length

    def problem(self, question: str, asked: Tokens, context: str, told: Tokens) -> Optional[str]:
        """Why an encoder sees nothing of a question or of its context, with their tokens; `None` if it does."""
        kept = min(len(asked.ids), self._max_question_length)
        if _is_nothing(asked, kept, question):
            most = self._max_question_length
            return f"nothing is left of the question in its first {most} tokens (max_question_length)"
        return "the context has no tokens" if _is_nothing(told, len(told.ids), context) else None


def _is_nothing(tokens: Tokens, count: int, text: str) -> bool:
    return count == 0 or not tokens.said((0, count - 1), text)
