import pytest
import torch
import transformers
from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary

from tests.conftest import SIZES
from tests.encoders.families import FAMILIES, byte_pairs
from xlamaml_allennlp.encoders.encoder import load_encoder
from xlamaml_allennlp.encoders.kind import check_reads_both_ways
from xlamaml_allennlp.encoders.tokenizer import load_tokenizer
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier

LLAMA = {"num_key_value_heads": 2, **SIZES}
DECODERS = {
    "gpt2": transformers.GPT2Config(n_embd=16, n_layer=1, n_head=2),
    "xglm": transformers.XGLMConfig(d_model=16, num_layers=1, attention_heads=2, ffn_dim=16),
    "bloom": transformers.BloomConfig(hidden_size=16, n_layer=1, n_head=2),
    "gemma": transformers.GemmaConfig(head_dim=8, **LLAMA),
    "llama": transformers.LlamaConfig(**LLAMA),
    "qwen3": transformers.Qwen3Config(head_dim=8, **LLAMA),
    "modernbert-decoder": transformers.ModernBertDecoderConfig(**SIZES),
    "bert": transformers.BertConfig(is_decoder=True, **SIZES),
}


@pytest.mark.parametrize("name", DECODERS)
def test_what_reads_from_left_to_right_is_refused_by_reader_and_model_before_there_are_weights(name, tmp_path):
    DECODERS[name].save_pretrained(tmp_path)
    # With no padding token, which nobody should be told to add.
    transformers.GPT2Tokenizer(vocab=byte_pairs("<|endoftext|>"), merges=[]).save_pretrained(tmp_path)
    for load in (load_tokenizer, load_encoder):
        with pytest.raises(ConfigurationError, match=rf"a {name}\) reads from left to right: .* Take a bidirectional"):
            load(str(tmp_path))


def test_what_a_configuration_does_not_tell_is_seen_from_the_first_token():
    torch.manual_seed(0)
    encoder = transformers.BertModel(transformers.BertConfig(vocab_size=20, **SIZES))
    check_reads_both_ways(encoder, "x")
    assert encoder.training
    with pytest.raises(ConfigurationError, match=r'"x" .* reads from left to right'):
        check_reads_both_ways(transformers.GPT2Model(DECODERS["gpt2"]), "x")


def test_an_embedding_model_made_of_a_decoder_is_an_encoder(tmp_path):
    special = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
    keys = {"vocab_size": 20, "head_dim": 8, **special, **LLAMA}
    config = transformers.Gemma3TextConfig(use_bidirectional_attention=True, **keys)
    transformers.Gemma3TextModel(config).save_pretrained(tmp_path)
    load_encoder(str(tmp_path))
    config.use_bidirectional_attention = False
    config.save_pretrained(tmp_path)
    with pytest.raises(ConfigurationError, match="reads from left to right"):
        load_encoder(str(tmp_path))


@pytest.mark.parametrize(
    "config, reason",
    [
        (transformers.ViTConfig(), "a vit.* is not an encoder of texts"),
        (transformers.CLIPConfig(), "a clip.* has several parts"),
        (transformers.BartConfig(), "a bart.* has a decoder"),
    ],
    ids=["vit", "clip", "bart"],
)
def test_what_is_no_encoder_of_texts_is_refused(config, reason, tmp_path):
    config.save_pretrained(tmp_path)
    for load in (load_tokenizer, load_encoder):
        with pytest.raises(ConfigurationError, match=rf"model_name: .*{reason}.* Take a bidirectional encoder"):
            load(str(tmp_path))


@pytest.mark.parametrize("family", ["mt5", "umt5"])
def test_half_of_an_encoder_decoder_is_not_pooled_by_a_first_token_that_is_a_word(family, tmp_path):
    folder = str(FAMILIES[family].save(tmp_path))
    encoder = CrossLingualPairClassifier(Vocabulary.empty(), folder, pooling="mean").encoder
    assert not [name for name, _ in encoder.named_parameters() if "decoder" in name]
    with pytest.raises(ConfigurationError, match=rf'pooling: .*a {family}.*Take "mean"'):
        CrossLingualPairClassifier(Vocabulary.empty(), folder)
