import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from xlamaml_allennlp.qa.answer_span import (
    Answer,
    answers_in,
    character_span,
    n_best_spans,
    token_span,
)

#           "An  apple fell"
OFFSETS = np.array([[0, 2], [2, 6], [6, 9], [9, 14]])
TEXT = "An  apple fell"


@pytest.mark.parametrize(
    ("start", "end", "tokens"),
    [
        (0, 2, (0, 0)),
        (4, 9, (1, 2)),
        # A span that begins or ends within a token takes the token.
        (5, 8, (1, 2)),
        (10, 14, (3, 3)),
        (0, 14, (0, 3)),
    ],
)
def test_the_tokens_of_a_span_cover_it(start, end, tokens):
    assert token_span(OFFSETS, start, end) == tokens


def test_characters_that_no_token_stands_for_have_no_tokens():
    assert token_span(np.array([[0, 2], [4, 6]]), 2, 4) is None
    assert token_span(np.zeros((0, 2), dtype=int), 0, 3) is None


def test_a_token_that_stands_for_no_character_begins_no_span():
    assert token_span(np.array([[0, 0], [0, 3]]), 0, 3) == (1, 1)


def test_two_tokens_of_one_character_are_both_in_its_span():
    # NFKC writes "㎏" as "kg".
    assert token_span(np.array([[0, 1], [1, 2], [1, 2], [2, 3]]), 1, 2) == (1, 2)


def test_the_characters_of_tokens_have_no_white_space_at_their_ends():
    assert character_span(OFFSETS, 1, 2, TEXT) == (4, 9)
    assert character_span(OFFSETS, 0, 3, TEXT) == (0, 14)


@given(st.data())
def test_every_span_of_whole_tokens_comes_back(data):
    words = data.draw(st.lists(st.text("abc", min_size=1, max_size=4), min_size=1, max_size=8))
    text, offsets = "", []
    for word in words:
        offsets.append((len(text), len(text) + len(word)))
        text += word + data.draw(st.sampled_from(["", " ", "\u2009 "]))
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    start, end = offsets[first][0], offsets[last][1]
    array = np.array(offsets)
    assert token_span(array, start, end) == (first, last)
    assert character_span(array, first, last, text) == (start, end)


def every_span(starts, ends, allowed, max_length):
    """All there are, by trying them all."""
    positions = range(len(starts))
    return sorted(
        (
            (starts[i] + ends[j], i, j)
            for i in positions
            for j in positions
            if i <= j < i + max_length and allowed[i] and allowed[j]
        ),
        reverse=True,
    )


# Multiples of 1/8 are exact in float32; many are equal.
SCORES = st.integers(-40, 40).map(lambda eighths: eighths / 8)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_the_best_spans_are_those_of_a_search_through_all(data):
    rows, tokens = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 9))
    table = st.lists(st.lists(SCORES, min_size=tokens, max_size=tokens), min_size=rows, max_size=rows)
    starts, ends = data.draw(table), data.draw(table)
    allowed = [[data.draw(st.booleans()) for _ in range(tokens)] for _ in range(rows)]
    n, max_length = data.draw(st.integers(1, 12)), data.draw(st.integers(1, 12))

    found = n_best_spans(torch.tensor(starts), torch.tensor(ends), torch.tensor(allowed), n, max_length)

    for row, (scores, firsts, lasts) in enumerate(zip(*(part.tolist() for part in found), strict=True)):
        expected = every_span(starts[row], ends[row], allowed[row], max_length)[:n]
        missing = [-math.inf] * (n - len(expected))
        assert scores == [score for score, _, _ in expected] + missing
        given = list(zip(scores, firsts, lasts, strict=True))[: len(expected)]
        # Of equal ones any may come, but each once, and each with its own score.
        assert len(set(given)) == len(given)
        assert set(given) <= set(every_span(starts[row], ends[row], allowed[row], max_length))


def test_half_precision_scores_are_added_in_full():
    # In half precision 2048 + 1 is 2048, and the first of the two ends would do as well.
    starts, ends = torch.tensor([[2048.0, 0, 0]]).half(), torch.tensor([[0.0, 0, 1]]).half()
    scores, _, lasts = n_best_spans(starts, ends, torch.ones(1, 3, dtype=torch.bool), 1, 3)
    assert (scores.item(), lasts.item()) == (2049.0, 2)


def test_scores_that_are_no_numbers_give_no_spans():
    nan, allowed = torch.full((1, 3), math.nan), torch.tensor([[False, True, True]])
    assert n_best_spans(nan, nan, allowed, 2, 3)[0].tolist() == [[-math.inf, -math.inf]]


def test_answers_end_with_the_first_missing_span_and_leave_white_space_out():
    offsets = np.array([[0, 1], [1, 2], [2, 4]])
    found = answers_in("a bc", offsets, 5, 9, [3.0, 2.0, 1.0, -math.inf], [5, 6, 5, 0], [5, 6, 7, 0])
    assert found == [Answer("a", 0, 1, 3.0), Answer("a bc", 0, 4, 1.0)]


def test_a_token_of_white_space_neither_takes_an_answers_place_nor_repeats_it():
    offsets = np.array([[0, 1], [0, 1], [1, 2], [2, 3]])
    spans = [4.0, 3.0, 2.0, 1.0], [0, 1, 0, 3], [0, 2, 2, 3]
    assert answers_in(" ab", offsets, 0, 1, *spans) == [Answer("a", 1, 2, 3.0)]
    assert answers_in(" ab", offsets, 0, 9, *spans) == [Answer("a", 1, 2, 3.0), Answer("b", 2, 3, 1.0)]
