import numpy as np
import pytest
from allennlp.common.checks import ConfigurationError
from transformers import AutoTokenizer

from xlamaml_allennlp.encoders.pair_layout import PairLayout


@pytest.fixture(params=["bert", "xlmr"])
def tokenizer(request, bert_folder, xlmr_folder):
    return AutoTokenizer.from_pretrained(bert_folder if request.param == "bert" else xlmr_folder)


def test_two_texts_tokenized_alone_become_what_the_tokenizer_makes_of_the_pair(tokenizer):
    layout = PairLayout(tokenizer, 40)
    first, second = (np.array(encoding.ids, dtype=np.int32) for encoding in layout.tokenized(["a b", "नदी ﬁ"]))
    field, expected = layout.field(first, second), tokenizer("a b", "नदी ﬁ")
    assert field.input_ids.tolist() == expected["input_ids"]
    assert layout.start_of_second(len(first)) == expected.sequence_ids(0).index(1)
    assert layout.num_special == expected.sequence_ids(0).count(None)
    assert layout.begins_with_special
    if "token_type_ids" in expected:
        assert field.token_type_ids.tolist() == expected["token_type_ids"]
    else:
        assert field.token_type_ids is None


def test_a_length_that_the_encoder_does_not_take_is_refused(tokenizer):
    with pytest.raises(ConfigurationError, match="max_length: 513 is not between"):
        PairLayout(tokenizer, 513)
