from itertools import pairwise

import numpy as np
import pytest
from allennlp.common.checks import ConfigurationError
from tokenizers.processors import TemplateProcessing
from transformers import AutoTokenizer

from xlamaml_allennlp.qa.windows import Windows

CONTEXT = "Der Fluß ﬁndet seinen Weg. " * 5 + "नदी ㎏ ท่า"
QUESTIONS = ["Wohin fließt er?", "नदी?"]


@pytest.fixture(params=["bert", "xlmr"])
def tokenizer(request, bert_folder, xlmr_folder):
    return AutoTokenizer.from_pretrained(bert_folder if request.param == "bert" else xlmr_folder)


@pytest.mark.parametrize(("max_length", "stride"), [(48, 10), (48, 0), (33, 5), (500, 100)])
def test_windows_are_those_that_the_tokenizer_itself_cuts(tokenizer, max_length, stride):
    windows = Windows(tokenizer, max_length, stride, max_question_length=20)
    (context,) = windows.tokenized([CONTEXT])
    for text, question in zip(QUESTIONS, windows.tokenized(QUESTIONS), strict=True):
        expected = tokenizer(
            text, CONTEXT, truncation="only_second", max_length=max_length, stride=stride,
            return_overflowing_tokens=True, return_offsets_mapping=True,
        )  # fmt: skip
        found = list(windows.cut(question, context))
        assert [window.tokens.input_ids.tolist() for window in found] == expected["input_ids"]
        if "token_type_ids" in tokenizer.model_input_names:
            assert [window.tokens.token_type_ids.tolist() for window in found] == expected["token_type_ids"]
        else:
            assert all(window.tokens.token_type_ids is None for window in found)
        for i, window in enumerate(found):
            inside = [side == 1 for side in expected.sequence_ids(i)]
            assert inside.index(True) == window.first
            assert sum(inside) == window.length
            offsets = np.array(expected["offset_mapping"][i])[inside]
            assert context.offsets[window.start : window.start + window.length].tolist() == offsets.tolist()


def test_the_families_differ_in_separators_and_token_types(bert_folder, xlmr_folder):
    def only(folder):
        windows = Windows(AutoTokenizer.from_pretrained(folder), 30, 5, 10)
        (window,) = windows.cut(*windows.tokenized(["a", "bc"]))
        return window

    bert = only(bert_folder)
    assert bert.tokens.token_type_ids.tolist() == [0, 0, 0, 1, 1, 1]  # [CLS] a [SEP] b c [SEP]
    xlmr = only(xlmr_folder)
    # <s> ▁ a </s> </s> ▁ b c </s>
    assert xlmr.tokens.input_ids[[0, 3, 4, 8]].tolist() == [0, 2, 2, 2]
    assert (xlmr.tokens.token_type_ids, xlmr.first, xlmr.length) == (None, 5, 3)


def test_a_long_question_is_cut_and_leaves_its_room_to_the_context(tokenizer):
    windows = Windows(tokenizer, 40, 5, max_question_length=8)
    (question,) = windows.tokenized(["x" * 30])
    assert windows.is_cut(question)
    assert not windows.is_cut(*windows.tokenized(["x" * 7]))
    (context,) = windows.tokenized(["a" * 100])
    found = list(windows.cut(question, context))
    assert {len(window.tokens) for window in found[:-1]} == {40}
    # Head: the first special tokens, 8 of the question, and the separators.
    assert found[0].first == 8 + (2 if tokenizer.cls_token == "[CLS]" else 3)
    assert found[0].tokens.input_ids[1:9].tolist() == question.ids[:8].tolist()


def test_consecutive_windows_share_the_stride_and_together_hold_the_context(tokenizer):
    windows = Windows(tokenizer, 30, 7, max_question_length=5)
    (context,) = windows.tokenized(["abcdefghij" * 9])
    found = list(windows.cut(*windows.tokenized(["who"]), context))
    assert found[0].start == 0
    for before, after in pairwise(found):
        assert after.start == before.start + before.length - 7
    assert found[-1].start + found[-1].length == len(context.ids)


def test_a_window_knows_which_spans_it_holds(tokenizer):
    windows = Windows(tokenizer, 30, 7, max_question_length=5)
    (context,) = windows.tokenized(["abcdefghij" * 9])
    second = list(windows.cut(*windows.tokenized(["who"]), context))[1]
    last = second.start + second.length - 1
    assert second.holds((second.start, last)) == (second.first, second.first + second.length - 1)
    assert second.holds((second.start - 1, last)) is None
    assert second.holds((second.start, last + 1)) is None
    assert second.holds(None) is None


def test_a_tokenizer_left_truncating_and_padding_still_gives_all_tokens(tokenizer):
    windows = Windows(tokenizer, 40, 5, 8)
    (before,) = windows.tokenized([CONTEXT])
    tokenizer(["a", "b c d"], truncation=True, max_length=4, padding=True)
    (after,) = windows.tokenized([CONTEXT])
    assert after.ids.tolist() == before.ids.tolist()


def test_windows_longer_than_the_encoder_takes_are_refused(tokenizer):
    with pytest.raises(ConfigurationError, match=r"max_length: 513 .* 512 tokens that the encoder takes"):
        Windows(tokenizer, 513, 128, 64)


@pytest.mark.parametrize(
    ("max_length", "stride", "max_question_length"), [(40, 30, 8), (11, 0, 8), (40, -1, 8), (40, 5, 0)]
)
def test_lengths_that_leave_no_room_are_refused(tokenizer, max_length, stride, max_question_length):
    with pytest.raises(ConfigurationError, match=f"max_length: {max_length} .*stride.*Raise max_length"):
        Windows(tokenizer, max_length, stride, max_question_length)


def test_an_encoder_without_a_first_special_token_is_refused(bert_folder):
    tokenizer = AutoTokenizer.from_pretrained(bert_folder)
    tokenizer.backend_tokenizer.post_processor = TemplateProcessing(
        single="$A [SEP]", pair="$A [SEP] $B:1 [SEP]:1", special_tokens=[("[SEP]", 3)]
    )
    with pytest.raises(ConfigurationError, match="without a special token"):
        Windows(tokenizer, 40, 5, 8)


def test_what_an_encoder_sees_nothing_of_is_a_problem(xlmr_folder):
    # Each space is a piece of its own there, so 5 pieces hold none of the first question.
    windows = Windows(AutoTokenizer.from_pretrained(xlmr_folder), 30, 7, max_question_length=5)
    spaces, question, nothing = windows.tokenized(["      who", "   who", ""])
    assert windows.problem("      who", spaces, "   who", question) == (
        "nothing is left of the question in its first 5 tokens (max_question_length)"
    )
    assert windows.problem("   who", question, "      who", spaces) is None
    assert windows.problem("", nothing, "   who", question) is not None
    assert windows.problem("   who", question, "", nothing) == "the context has no tokens"
