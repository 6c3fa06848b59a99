"""What the encoder gets: exactly what its own tokenizer makes of a pair."""

import pytest
import torch
from allennlp.common.checks import ConfigurationError
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from xlamaml_allennlp.nli.pair_encoding import PairEncoding, longest_first

TEXT = st.text(alphabet="ab é Яअ आ्.,[]<>/sS⁵\u00a0\u0301", min_size=1, max_size=30).map(lambda text: text + "x")


@pytest.fixture(params=["bert_folder", "xlmr_folder"])
def tokenizer(request) -> PreTrainedTokenizerFast:
    return AutoTokenizer.from_pretrained(request.getfixturevalue(request.param))


@pytest.fixture(scope="module")
def tokenizers(bert_folder, xlmr_folder) -> list[PreTrainedTokenizerFast]:
    return [AutoTokenizer.from_pretrained(folder) for folder in (bert_folder, xlmr_folder)]


@settings(max_examples=60, deadline=None)
@given(pairs=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5), max_length=st.integers(6, 40))
def test_pairs_are_encoded_as_the_tokenizer_itself_would(tokenizers, pairs, max_length):
    # Special tokens in the text, both kinds of truncation, and whatever normalisation does are all in here.
    premises, hypotheses = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    for tokenizer in tokenizers:
        fields = PairEncoding(tokenizer, max_length)(premises, hypotheses, {})
        expected = tokenizer(premises, hypotheses, truncation="longest_first", max_length=max_length)
        for i, field in enumerate(fields):
            assert field.input_ids.tolist() == expected["input_ids"][i]
            if "token_type_ids" in expected:
                assert field.token_type_ids.tolist() == expected["token_type_ids"][i]


def test_bert_and_xlmr_get_their_own_special_tokens(bert_folder, xlmr_folder):
    def pieces(folder):
        tokenizer = AutoTokenizer.from_pretrained(folder)
        (field,) = PairEncoding(tokenizer, 20)(["a"], ["b"], {})
        return tokenizer.convert_ids_to_tokens(field.input_ids)

    assert pieces(bert_folder) == ["[CLS]", "a", "[SEP]", "b", "[SEP]"]
    assert pieces(xlmr_folder) == ["<s>", "▁", "a", "</s>", "</s>", "▁", "b", "</s>"]


def test_only_an_encoder_with_token_types_gets_them(bert_folder, xlmr_folder):
    bert, xlmr = (AutoTokenizer.from_pretrained(folder) for folder in (bert_folder, xlmr_folder))
    # [CLS] a [SEP] | b [SEP]
    assert PairEncoding(bert, 20)(["a"], ["b"], {})[0].token_type_ids.tolist() == [0, 0, 0, 1, 1]
    assert PairEncoding(xlmr, 20)(["a"], ["b"], {})[0].token_type_ids is None


def test_batches_are_padded_with_the_encoders_own_token_and_masked(tokenizer):
    fields = PairEncoding(tokenizer, 40)(["a", "a b c"], ["b", "d e f"], {})
    lengths = {
        name: max(field.get_padding_lengths()[name] for field in fields) for name in fields[0].get_padding_lengths()
    }
    batch = fields[0].batch_tensors([field.as_tensor(lengths) for field in fields])
    short, long = (len(field) for field in fields)
    assert short < long
    assert batch["input_ids"].dtype == torch.int64
    assert batch["input_ids"][0, short:].tolist() == [tokenizer.pad_token_id] * (long - short)
    assert batch["attention_mask"].int().tolist() == [[1] * short + [0] * (long - short), [1] * long]


def test_a_premise_that_is_known_is_not_tokenized_again(tokenizer):
    known = {}
    encoding = PairEncoding(tokenizer, 40)
    first = encoding(["one cat", "one cat"], ["a", "b"], known)
    assert set(known) == {"one cat"}
    again = encoding(["one cat", "two"], ["a", "b"], known)
    assert again[0].input_ids.tolist() == first[0].input_ids.tolist()
    assert set(known) == {"one cat", "two"}


def test_truncation_left_on_in_the_tokenizer_does_not_matter(tokenizer):
    encoding = PairEncoding(tokenizer, 40)
    whole = encoding(["a b c d e"], ["f"], {})[0].input_ids.tolist()
    tokenizer("a b c d e", truncation=True, max_length=4, padding="max_length")
    assert encoding(["a b c d e"], ["f"], {})[0].input_ids.tolist() == whole


@pytest.mark.parametrize(
    ("lengths", "room", "expected"),
    [
        ((3, 4), 7, (3, 4)),
        ((10, 3), 8, (5, 3)),  # only the longer one is cut
        ((3, 10), 8, (3, 5)),
        ((10, 9), 8, (4, 4)),  # both
        ((10, 9), 7, (4, 3)),  # the odd token stays with the longer
        ((9, 10), 7, (3, 4)),
        ((9, 9), 7, (3, 4)),
    ],
)
def test_the_longer_text_is_cut_first(lengths, room, expected):
    assert longest_first(*lengths, room) == expected


# BERT adds [CLS] [SEP] [SEP], XLM-R one more; each text needs a token; both take 512.
@pytest.mark.parametrize(
    ("folder", "max_length", "least"),
    [("bert_folder", 4, 5), ("xlmr_folder", 5, 6), ("bert_folder", 513, 5), ("xlmr_folder", 513, 6)],
)
def test_a_length_that_no_pair_or_no_encoder_fits_is_an_error(request, folder, max_length, least):
    tokenizer = AutoTokenizer.from_pretrained(request.getfixturevalue(folder))
    with pytest.raises(ConfigurationError, match=rf"max_length: {max_length} is not between {least} .* and the 512"):
        PairEncoding(tokenizer, max_length)
    for fitting in (least, 512):
        PairEncoding(tokenizer, fitting)


def test_a_tokenizer_that_cannot_pad_is_an_error(bert_folder):
    backend = AutoTokenizer.from_pretrained(bert_folder).backend_tokenizer
    with pytest.raises(ConfigurationError, match="model_name: the tokenizer has no padding token"):
        PairEncoding(PreTrainedTokenizerFast(tokenizer_object=backend, model_max_length=512), 20)


@pytest.mark.parametrize(
    ("folder", "text"), [("bert_folder", "\ue000\ufffd"), ("xlmr_folder", " "), ("bert_folder", " ")]
)
def test_a_pair_with_a_text_of_which_nothing_is_left_has_no_field(request, folder, text):
    # BERT drops characters of private use; of a space XLM-R leaves the piece that stands for one.
    encoding = PairEncoding(AutoTokenizer.from_pretrained(request.getfixturevalue(folder)), 20)
    assert [field is None for field in encoding(["a", text, "b"], ["a", "b", text], {})] == [False, True, True]
    assert encoding.makes_nothing_of(text)
    assert not encoding.makes_nothing_of("a")
