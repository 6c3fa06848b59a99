"""
One tiny random encoder of each family, with the tokenizer class that transformers gives it, as folders.

Sizes and vocabularies are made up; layouts of pairs, padding, positions and token types are those of the real ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import PretrainedConfig, PreTrainedTokenizerFast

from tests.conftest import ALPHABET, SIZES

T5_SIZES = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 2, "num_heads": 2}
ROBERTA = {"max_position_embeddings": 514, "pad_token_id": 1, "type_vocab_size": 1, **SIZES}


def unigrams(*special: str) -> list[tuple[str, float]]:
    characters = dict.fromkeys(["▁", *ALPHABET])
    return [*((piece, 0.0) for piece in special), *((c, -2.0 - i / 1000) for i, c in enumerate(characters))]


def byte_pairs(*special: str) -> dict[str, int]:
    return {piece: i for i, piece in enumerate([*special, *sorted(pre_tokenizers.ByteLevel.alphabet())])}


def wordpiece() -> PreTrainedTokenizerFast:
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *ALPHABET, *("##" + c for c in ALPHABET)]
    vocab = {piece: i for i, piece in enumerate(dict.fromkeys(pieces))}
    return transformers.BertTokenizer(vocab=vocab, do_lower_case=False, model_max_length=512)


def xlm_roberta() -> PreTrainedTokenizerFast:
    vocab = [*unigrams("<s>", "<pad>", "</s>", "<unk>"), ("<mask>", 0.0)]
    return transformers.XLMRobertaTokenizer(vocab=vocab, model_max_length=512)


def roberta() -> PreTrainedTokenizerFast:
    vocab = byte_pairs("<s>", "<pad>", "</s>", "<unk>", "<mask>")
    return transformers.RobertaTokenizer(vocab=vocab, merges=[], model_max_length=512)


def deberta() -> PreTrainedTokenizerFast:
    vocab = [*unigrams("[PAD]", "[CLS]", "[SEP]", "[UNK]"), ("[MASK]", 0.0)]
    return transformers.DebertaV2Tokenizer(vocab=vocab, unk_id=3)


def rembert() -> PreTrainedTokenizerFast:
    tokenizer = transformers.RemBertTokenizer(vocab=unigrams("<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"))
    # As in the real one's tokenizer.json; a new one has none.
    tokenizer.backend_tokenizer.post_processor = pairs_between("[CLS]", "[SEP]")
    return tokenizer


def pairs_between(cls: str, sep: str) -> processors.TemplateProcessing:
    return processors.TemplateProcessing(
        single=f"{cls} $A {sep}", pair=f"{cls} $A {sep} $B:1 {sep}:1", special_tokens=[(cls, 2), (sep, 3)]
    )


def t5() -> PreTrainedTokenizerFast:
    return transformers.T5Tokenizer(vocab=unigrams("<pad>", "</s>", "<unk>"), extra_ids=0)


def without_class(cls: str, sep: str, pad: str) -> PreTrainedTokenizerFast:
    """That of encoders that come with nothing but a tokenizer.json, as mmBERT and EuroBERT do."""
    tokenizer = Tokenizer(models.BPE(vocab=byte_pairs(pad, "<unk>", cls, sep), merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = pairs_between(cls, sep)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_input_names=["input_ids", "attention_mask"],
        model_max_length=8192,
        pad_token=pad, unk_token="<unk>", cls_token=cls, sep_token=sep,
    )  # fmt: skip


@dataclass(frozen=True)
class Family:
    """
    An architecture, tiny.

    # Parameters

    config : `str`
        transformers' class of its configuration.
    tokenizer : `Callable[[], PreTrainedTokenizerFast]`
        Makes its tokenizer.
    keys : `dict[str, Any]`
        The configuration's, besides `vocab_size`.
    """

    config: str
    tokenizer: Callable[[], PreTrainedTokenizerFast]
    keys: dict[str, Any]

    def save(self, folder: Path, **keys: Any) -> Path:
        """Writes tokenizer, configuration and weights, with `keys` of the configuration changed."""
        tokenizer = self.tokenizer()
        tokenizer.save_pretrained(folder)
        config = self.configuration(vocab_size=len(tokenizer), **keys)
        torch.manual_seed(0)
        transformers.AutoModel.from_config(config).save_pretrained(folder)
        return folder

    def configuration(self, **keys: Any) -> PretrainedConfig:
        return getattr(transformers, self.config)(**{**self.keys, **keys})


CLS_AND_SEP = {"cls_token_id": 2, "sep_token_id": 3}
SPECIAL = {"pad_token_id": 0, "bos_token_id": 2, "eos_token_id": 3}
FAMILIES = {
    "bert": Family("BertConfig", wordpiece, SIZES),
    "distilbert": Family("DistilBertConfig", wordpiece, {"dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 32}),
    "electra": Family("ElectraConfig", wordpiece, {"embedding_size": 8, **SIZES}),
    "roberta": Family("RobertaConfig", roberta, ROBERTA),
    "xlm-roberta": Family("XLMRobertaConfig", xlm_roberta, ROBERTA),
    "xlm-roberta-xl": Family("XLMRobertaXLConfig", xlm_roberta, ROBERTA),
    "xmod": Family("XmodConfig", xlm_roberta, {"languages": ["en_XX", "hi_IN"], "default_language": None, **ROBERTA}),
    "deberta-v2": Family(
        "DebertaV2Config",
        deberta,
        {
            "relative_attention": True,
            "position_buckets": 16,
            "norm_rel_ebd": "layer_norm",
            "share_att_key": True,
            "pos_att_type": ["p2c", "c2p"],
            "position_biased_input": False,
            "type_vocab_size": 0,
            **SIZES,
        },
    ),
    "rembert": Family(
        "RemBertConfig", rembert, {"input_embedding_size": 8, "output_embedding_size": 16, **SPECIAL, **SIZES}
    ),
    "modernbert": Family(
        "ModernBertConfig",
        lambda: without_class("<bos>", "<eos>", "<pad>"),
        # Every other layer sees four tokens to each side.
        {"global_attn_every_n_layers": 2, "local_attention": 8, **CLS_AND_SEP, **SPECIAL, **SIZES},
    ),
    "eurobert": Family(
        "EuroBertConfig",
        lambda: without_class("<|begin_of_text|>", "<|end_of_text|>", "<|pad|>"),
        {"num_key_value_heads": 1, "mask_token_id": 1, **SPECIAL, **SIZES},
    ),
    "mt5": Family("MT5Config", t5, T5_SIZES),
    "umt5": Family("UMT5Config", t5, T5_SIZES),
}  # fmt: skip
# Encoders without a special token in front of a pair: a pair is the mean of its tokens, and questions have no [CLS].
HALVES = ("mt5", "umt5")
