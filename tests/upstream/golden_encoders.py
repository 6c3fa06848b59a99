"""
Tiny encoders with the tokenizer classes of real ones, to be kept as files: what builds them may change with a release.

Only `write_goldens.py` calls this, and only the release that the goldens are of: see there.
"""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sentencepiece
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

# Case, accents (composed or not), full width, ligatures, scripts without spaces, an emoji, white space of all kinds.
TEXTS = [
    "A man is sleeping.",
    "Ça déjà vu: Ångström, cafe\u0301 & naïve",
    "Ｆｕｌｌ ｗｉｄｔｈ, ﬁne ﬂight №5",
    "वह आदमी सो रहा है।",
    "الرجل نائم؟ لا!",
    "他在睡觉。東京タワー",
    "ผู้ชายกำลังนอน",
    "two  spaces\tand a tab, a no-break\u00a0space",
    "don't under_score 1,234.5 %",
    "smile \U0001f600 unknown \u16a0",
    "<mask> [MASK] </s> [SEP] are texts",
]
ASCII = set(map(chr, range(33, 127)))
SIZES = {"hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 16}
WIDE = {"initializer_range": 0.4}  # or so small an encoder says nearly the same of every text
POSITIONS = 400


def write_encoders(folder: Path) -> None:
    """Writes each encoder into a folder of its name."""
    characters = "".join(sorted({c for text in TEXTS for c in text + text.lower() if not c.isspace()} | ASCII))
    for name, (tokenizer_of, model, config) in ENCODERS.items():
        tokenizer = tokenizer_of(characters, folder)
        tokenizer.save_pretrained(folder / name)
        torch.manual_seed(len(name))
        sizes = {"vocab_size": len(tokenizer), "pad_token_id": tokenizer.pad_token_id, **WIDE, **config}
        network = getattr(transformers, model)
        network(network.config_class(**sizes)).save_pretrained(folder / name)


def word_pieces(cls: str, lower: bool) -> Callable[[str, Path], Any]:
    def build(characters: str, folder: Path) -> Any:
        pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters, *("##" + c for c in characters), "sleep"]
        vocabulary = folder / "vocab.txt"
        vocabulary.write_text("\n".join(pieces) + "\n", encoding="utf-8")
        tokenizer = getattr(transformers, cls)(str(vocabulary), do_lower_case=lower, model_max_length=POSITIONS)
        vocabulary.unlink()
        return tokenizer

    return build


def sentence_pieces(cls: str) -> Callable[[str, Path], Any]:
    def build(characters: str, folder: Path) -> Any:
        # A small map of normalised characters in place of NFKC's 240 kB.
        rules = folder / "rules.tsv"
        full_width = {chr(c + 0xFEE0): chr(c) for c in range(65, 123)}
        pairs = {"ﬁ": "fi", "ﬂ": "fl", "№": "No", "\u00a0": " ", "\t": " ", **full_width}
        hexadecimal = [("".join(f"{ord(c):X} " for c in part).strip() for part in pair) for pair in pairs.items()]
        rules.write_text("\n".join("\t".join(pair) for pair in hexadecimal) + "\n")
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(TEXTS * 4),
            model_writer=model,
            vocab_size=260,
            hard_vocab_limit=False,
            character_coverage=1.0,
            normalization_rule_tsv=str(rules),
            minloglevel=2,
        )
        rules.unlink()
        file = folder / "model.spm"
        file.write_bytes(model.getvalue())
        tokenizer = getattr(transformers, cls)(str(file), model_max_length=POSITIONS)
        file.unlink()
        return tokenizer

    return build


def byte_pairs(characters: str, folder: Path) -> Any:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    keys: dict[str, Any] = {"special_tokens": special, "initial_alphabet": alphabet, "show_progress": False}
    tokenizer.train_from_iterator(TEXTS, trainers.BpeTrainer(vocab_size=340, **keys))
    names = [str(folder / name) for name in ("vocab.json", "merges.txt")]
    tokenizer.model.save(str(folder))
    built = transformers.RobertaTokenizerFast(*names, model_max_length=POSITIONS)
    for name in names:
        Path(name).unlink()
    return built


OF_BERT = {**SIZES, "max_position_embeddings": POSITIONS}
OF_ROBERTA = {**OF_BERT, "max_position_embeddings": POSITIONS + 2, "type_vocab_size": 1}
DISENTANGLED = {
    "relative_attention": True,
    "pos_att_type": ["p2c", "c2p"],
    "position_buckets": 16,
    "norm_rel_ebd": "layer_norm",
    "share_att_key": True,
    "position_biased_input": False,
    "type_vocab_size": 0,
}
# Name -> its tokenizer, model class, and configuration beside the vocabulary's size.
ENCODERS: dict[str, tuple[Callable[[str, Path], Any], str, dict[str, Any]]] = {
    "bert": (word_pieces("BertTokenizerFast", lower=False), "BertModel", OF_BERT),
    "bert-uncased": (word_pieces("BertTokenizerFast", lower=True), "BertModel", OF_BERT),
    "distilbert": (
        word_pieces("DistilBertTokenizerFast", lower=True),
        "DistilBertModel",
        {"dim": 8, "n_layers": 2, "n_heads": 2, "hidden_dim": 16, "max_position_embeddings": POSITIONS},
    ),
    "electra": (word_pieces("ElectraTokenizerFast", lower=True), "ElectraModel", {**OF_BERT, "embedding_size": 4}),
    "roberta": (byte_pairs, "RobertaModel", OF_ROBERTA),
    "xlm-roberta": (sentence_pieces("XLMRobertaTokenizerFast"), "XLMRobertaModel", OF_ROBERTA),
    "xlm-roberta-xl": (sentence_pieces("XLMRobertaTokenizerFast"), "XLMRobertaXLModel", OF_ROBERTA),
    "deberta-v2": (sentence_pieces("DebertaV2TokenizerFast"), "DebertaV2Model", {**OF_BERT, **DISENTANGLED}),
    "rembert": (
        sentence_pieces("RemBertTokenizerFast"),
        "RemBertModel",
        {**OF_BERT, "input_embedding_size": 4, "output_embedding_size": 4},
    ),
}
