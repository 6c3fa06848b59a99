import pytest

from xlamaml_allennlp.files.text import text_problem


@pytest.mark.parametrize("text", ["a", "\u200bग", "\u0301", "—", "😀", "\u2800", "\ue000"])
def test_a_text_with_something_to_see_is_none(text):
    assert text_problem("premise", text) is None


@pytest.mark.parametrize("text", ["", " ", "\u3000\t", "\u2028"])
def test_a_text_of_spaces_is_empty(text):
    assert text_problem("premise", text) == "the premise is empty"


# Zero-width space and joiners, a byte-order mark, a direction, a Hangul filler, a variation selector, NUL.
@pytest.mark.parametrize("text", ["\u200b", " \u200d\u200c ", "\ufeff", "\u200f", "\u3164", "\ufe0f", "\0" * 100])
def test_a_text_that_nobody_sees_is_as_good_as_empty(text):
    assert text_problem("premise", text).startswith("the premise is empty but for characters that nobody sees")


def test_half_a_character_is_named_with_its_place():
    assert text_problem("premise", "ab\ud83d") == r"the premise has half a character (\ud83d) at 2"
