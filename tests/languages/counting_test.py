"""Asking whether anybody counts."""

from copy import copy

import pytest

from xlamaml_allennlp.languages.counting import Counting


def test_everybody_counts_but_within_a_pause_of_any_depth():
    counting = Counting()
    assert counting
    with counting.paused():
        with counting.paused():
            assert not counting
        assert not counting
    assert counting


def test_a_pause_ends_with_an_error_too():
    counting = Counting()
    with pytest.raises(RuntimeError), counting.paused():
        raise RuntimeError
    assert counting


class Holder:
    def __init__(self) -> None:
        self.counting = Counting()


def test_a_shallow_copy_of_who_holds_it_pauses_along():
    holder = Holder()
    with holder.counting.paused():
        assert not copy(holder).counting
