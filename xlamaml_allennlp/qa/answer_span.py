"""From characters to tokens and back, and from start and end scores to answers: pure functions."""

from collections.abc import Sequence
from typing import NamedTuple, Optional

import numpy as np
import torch

# The most tokens of an answer, unless a model is told another number. The answers of SQuAD are short; docs/questions.md
# says how many of MLQA's are longer.
MAX_ANSWER_LENGTH = 30


class Answer(NamedTuple):
    """
    An answer taken from a context.

    # Parameters

    text : `str`
        Its text: `context[start:end]`.
    start : `int`
        Its first character.
    end : `int`
        The character after its last.
    score : `float`
        Start score plus end score; comparable between the windows of one question.
    """

    text: str
    start: int
    end: int
    score: float


def token_span(offsets: np.ndarray, start: int, end: int) -> Optional[tuple[int, int]]:
    """
    The tokens that cover a span of characters.

    # Parameters

    offsets : `np.ndarray`
        Each token's first character and the one after its last. A token that stands for no character has them
        equal. Shape: (num_tokens, 2)
    start : `int`
        The span's first character.
    end : `int`
        The character after its last.

    # Returns

    `Optional[Tuple[int, int]]`
        First and last token (inclusive), or `None` where no token has a character of the span.
    """
    inside = np.flatnonzero((offsets[:, 1] > start) & (offsets[:, 0] < end) & (offsets[:, 1] > offsets[:, 0]))
    return (int(inside[0]), int(inside[-1])) if len(inside) else None


def character_span(offsets: np.ndarray, first: int, last: int, context: str) -> tuple[int, int]:
    """
    The characters that a span of tokens stands for, without white space at either end: a SentencePiece token holds
    the space before its word.

    # Parameters

    offsets : `np.ndarray`
        As of `token_span`. Shape: (num_tokens, 2)
    first : `int`
        The first token.
    last : `int`
        The last token (inclusive).
    context : `str`
        The text that the offsets count in.

    # Returns

    `Tuple[int, int]`
        The first character and the one after the last.
    """
    start, end = int(offsets[first, 0]), int(offsets[last, 1])
    text = context[start:end]
    start += len(text) - len(text.lstrip())
    return start, start + len(text.strip())


def n_best_spans(
    starts: torch.Tensor, ends: torch.Tensor, allowed: torch.Tensor, n: int, max_length: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """
    The spans with the highest sum of start and end score.

    # Parameters

    starts : `torch.Tensor`
        How well a span starts at each token. Shape: (batch_size, num_tokens)
    ends : `torch.Tensor`
        How well a span ends at each token. Shape: (batch_size, num_tokens)
    allowed : `torch.Tensor`
        The tokens in which a span may start and end, as bools. Shape: (batch_size, num_tokens)
    n : `int`
        How many spans, at least 1.
    max_length : `int`
        The most tokens of a span, at least 1.

    # Returns

    `Tuple[torch.Tensor, torch.Tensor, torch.Tensor]`
        Scores in descending order, first tokens and last tokens (inclusive). The score is minus infinity where a
        row has no further span. Shapes: (batch_size, n)
    """
    num_tokens = starts.shape[1]
    never = float("-inf")
    # Half precision cannot tell sums of large scores apart. A model gone wrong (NaN) has no answers.
    starts, ends = (x.float().masked_fill(~(allowed & x.isfinite()), never) for x in (starts, ends))
    length = min(max_length, num_tokens)
    # The ends within reach of each start. Shape: (batch_size, num_tokens, length)
    reach = torch.nn.functional.pad(ends, (0, length - 1), value=never).unfold(1, length, 1)
    # Shape: (batch_size, num_tokens * length)
    spans = (starts.unsqueeze(-1) + reach).flatten(1)
    scores, indices = spans.topk(min(n, spans.shape[1]), dim=1)
    first = indices.div(length, rounding_mode="floor")
    last = first + indices % length
    missing = (0, n - scores.shape[1])
    pad = torch.nn.functional.pad
    return pad(scores, missing, value=never), pad(first, missing), pad(last, missing)


def answers_in(
    context: str,
    offsets: np.ndarray,
    shift: int,
    n: int,
    scores: Sequence[float],
    firsts: Sequence[int],
    lasts: Sequence[int],
) -> list[Answer]:
    """
    The answers that spans of a window stand for.

    # Parameters

    context : `str`
        The text that the offsets count in.
    offsets : `np.ndarray`
        Of the tokens of the window's part of the context, as of `token_span`. Shape: (num_context_tokens, 2)
    shift : `int`
        The window's token at which that part starts.
    n : `int`
        How many answers at most.
    scores, firsts, lasts : `Sequence[float]`, `Sequence[int]`, `Sequence[int]`
        A row of `n_best_spans`.

    # Returns

    `List[Answer]`
        In the same order, of different characters each: a token of white space only is no answer and changes none.
    """
    answers: dict[tuple[int, int], Answer] = {}
    for score, first, last in zip(scores, firsts, lasts, strict=True):
        if score == float("-inf") or len(answers) == n:
            break
        start, end = character_span(offsets, first - shift, last - shift, context)
        if start < end:
            answers.setdefault((start, end), Answer(context[start:end], start, end, score))
    return list(answers.values())
