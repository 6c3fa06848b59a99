import shutil

import pytest
from allennlp.common.checks import ConfigurationError
from transformers import AutoConfig, AutoTokenizer

from tests.encoders.families import FAMILIES
from xlamaml_allennlp.encoders.tokenizer import load_tokenizer
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.qa.dataset_reader import MlqaReader

# 514 rows, of which RoBERTa and its kind begin to count behind the padding token's, number 1.
POSITIONS = {
    "bert": 512, "distilbert": 512, "electra": 512, "rembert": 512,
    "roberta": 512, "xlm-roberta": 512, "xlm-roberta-xl": 512, "xmod": 512,
    "modernbert": 8192, "eurobert": 8192,
}  # fmt: skip
TOKEN_TYPES = ("bert", "electra", "rembert", "deberta-v2")  # DeBERTa takes them, and has no embeddings for them


def test_max_length_is_at_most_the_positions_that_are_left(family, family_folder, tmp_path):
    folder = shutil.copytree(family_folder, tmp_path / "encoder")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.model_max_length = 10**30  # as in many a folder
    tokenizer.save_pretrained(folder)
    if family not in POSITIONS:  # relative positions: DeBERTa, T5
        XnliReader(str(folder), max_length=100_000)
        return
    most = POSITIONS[family]
    XnliReader(str(folder), max_length=most)
    with pytest.raises(ConfigurationError, match=rf"max_length: {most + 1} is not between .* the {most} tokens"):
        XnliReader(str(folder), max_length=most + 1)
    with pytest.raises(ConfigurationError, match=rf"max_length: {most + 1} is not between .* the {most} tokens"):
        MlqaReader(str(folder), max_length=most + 1)


def test_token_types_are_given_to_encoders_that_were_trained_with_them(family, family_folder, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    for _ in range(2):  # from the folder, and from what the run keeps
        field = XnliReader(family_folder, serialization_dir=str(run)).text_to_instance("a b", "c")["tokens"]
        if family in TOKEN_TYPES:
            second = field.token_type_ids.tolist().index(1)
            assert field.token_type_ids.tolist() == [0] * second + [1] * (len(field.input_ids) - second)
        else:
            assert field.token_type_ids is None


def test_whoever_saved_a_tokenizer_without_token_types_has_his_way(bert_folder, tmp_path):
    folder = shutil.copytree(bert_folder, tmp_path / "encoder")
    AutoTokenizer.from_pretrained(folder, model_input_names=["input_ids", "attention_mask"]).save_pretrained(folder)
    config = (folder / "tokenizer_config.json").read_text()
    assert "model_input_names" in config
    assert "token_type_ids" not in load_tokenizer(str(folder)).model_input_names


@pytest.mark.parametrize("family", ["bert", "xlm-roberta", "modernbert"])
def test_a_tokenizer_with_more_pieces_than_the_encoder_has_embeddings_is_refused(family, tmp_path):
    folder = FAMILIES[family].save(tmp_path)
    config = AutoConfig.from_pretrained(folder)
    pieces = config.vocab_size
    config.vocab_size -= 1
    config.save_pretrained(folder)
    with pytest.raises(
        ConfigurationError, match=rf"has {pieces} pieces, and the encoder embeddings for {pieces - 1}\."
    ):
        load_tokenizer(str(folder))


def test_a_vocabulary_that_is_rounded_up_is_not_one(tmp_path):
    folder = FAMILIES["xlm-roberta"].save(tmp_path)
    config = AutoConfig.from_pretrained(folder)
    config.vocab_size += 8
    config.save_pretrained(folder)
    load_tokenizer(str(folder))


def test_where_positions_are_counted_by_padding_the_tokenizer_pads_as_the_encoder_does(tmp_path):
    # BERT's tokenizer, which pads with 0, in XLM-R's folder: all of its tokens would be at shifted positions.
    folder = FAMILIES["xlm-roberta"].save(tmp_path)
    config = AutoConfig.from_pretrained(folder)
    config.pad_token_id, config.vocab_size = 0, 5000
    config.save_pretrained(folder)
    with pytest.raises(ConfigurationError, match=r"pads with 1, and the encoder \(a xlm-roberta\).*with 0\."):
        load_tokenizer(str(folder))
