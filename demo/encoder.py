"""The demo's pretrained encoder, multilingual-e5-small (MIT licence), as a transformers folder."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Optional

import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import AutoModel, AutoTokenizer, BertConfig, BertModel, PreTrainedTokenizerFast

from demo.origin import HUB_NAME, PACKAGE, NoEncoderError, packed_file
from demo.packed import PackedEncoder

# Part of a layer in the packed file -> its name in transformers.
WITH_WEIGHT_AND_BIAS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def write_encoder(folder: Path, sentences: Iterable[str]) -> None:
    """
    Writes the encoder from the installed package, cut down to the pieces of some sentences, or else whole from the hub.

    # Raises

    `NoEncoderError`
        If neither has it.
    """
    if (file := packed_file()) is not None:
        unpack(file, folder, sentences)
    else:
        from_hub(folder)


def from_hub(folder: Path, name: str = HUB_NAME) -> None:
    try:
        tokenizer, encoder = (
            part.from_pretrained(name, trust_remote_code=False) for part in (AutoTokenizer, AutoModel)
        )
    except Exception as error:  # transformers raises a dozen kinds here
        raise NoEncoderError(
            f"The demo's encoder comes with the package {PACKAGE}, which is not installed here (it exists for x86_64 "
            f"Linux only), and the hub does not give {name} either: {str(error).splitlines()[0]} Connect to the hub "
            "once, or use an encoder of your own: python -m demo --encoder FOLDER"
        ) from error
    tokenizer.save_pretrained(folder)
    encoder.save_pretrained(folder)


def unpack(file: Path, folder: Path, sentences: Optional[Iterable[str]] = None) -> None:
    """
    Writes a packed encoder as a transformers folder.

    # Parameters

    file : `Path`
        The packed encoder.
    folder : `Path`
        Where to write.
    sentences : `Optional[Iterable[str]]`, optional (default = `None`)
        With sentences, only the pieces that they need stay in the vocabulary, and single characters, so that other
        texts can still be read. On these sentences the encoder does just what the whole one does.
    """
    packed = PackedEncoder(file)
    kept = list(range(len(packed.pieces))) if sentences is None else needed_pieces(packed, sentences)
    fast_tokenizer(packed, kept).save_pretrained(folder)
    model(packed, kept).save_pretrained(folder)


def needed_pieces(packed: PackedEncoder, sentences: Iterable[str]) -> list[int]:
    used = set(packed.special.values())
    used.update(index for index, piece in enumerate(packed.pieces) if len(piece) == 1)
    whole = _tokenizer(packed, range(len(packed.pieces)))
    for encoding in whole.encode_batch(list(sentences), add_special_tokens=False):
        used.update(encoding.ids)
    return sorted(used)


def fast_tokenizer(packed: PackedEncoder, kept: Sequence[int]) -> PreTrainedTokenizerFast:
    special = {role: packed.pieces[index] for role, index in packed.special.items()}
    bos, eos = special["bos"], special["eos"]
    return PreTrainedTokenizerFast(
        tokenizer_object=_tokenizer(packed, kept),
        bos_token=bos, cls_token=bos, eos_token=eos, sep_token=eos, pad_token=special["pad"], unk_token=special["unk"],
        model_max_length=packed.sizes["positions"],
        # The encoder was trained with token type 0 throughout.
        model_input_names=["input_ids", "attention_mask"],
    )  # fmt: skip


def _tokenizer(packed: PackedEncoder, kept: Sequence[int]) -> Tokenizer:
    """XLM-R's tokenizer: SentencePiece's Unigram model, texts joined by two separators."""
    pieces = [packed.pieces[index] for index in kept]
    bos, eos, unknown = (packed.pieces[packed.special[role]] for role in ("bos", "eos", "unk"))
    vocabulary = [(packed.pieces[index], packed.scores[index]) for index in kept]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=pieces.index(unknown), byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [*_beyond_nfkc(packed.replacements), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, pieces.index(bos)), (eos, pieces.index(eos))],
    )
    return tokenizer


def _beyond_nfkc(replacements: dict[str, str]) -> list[normalizers.Replace]:
    """What SentencePiece normalises otherwise than Unicode's form KC does, a few dozen characters."""
    by_outcome = defaultdict(list)
    for character, outcome in replacements.items():
        if unicodedata.normalize("NFKC", character) != outcome:
            by_outcome[outcome].append(re.escape(character))
    return [normalizers.Replace(Regex(f"[{''.join(found)}]"), outcome) for outcome, found in by_outcome.items()]


def model(packed: PackedEncoder, kept: list[int]) -> BertModel:
    sizes = packed.sizes
    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=sizes["hidden"],
        num_hidden_layers=sizes["layers"],
        num_attention_heads=sizes["heads"],
        intermediate_size=sizes["feed_forward"],
        max_position_embeddings=sizes["positions"],
        type_vocab_size=sizes["token_types"],
        layer_norm_eps=packed.epsilon,
        pad_token_id=kept.index(packed.special["pad"]),
    )
    encoder = BertModel(config, add_pooling_layer=False)
    encoder.load_state_dict({name: torch.from_numpy(values) for name, values in _weights(packed, kept).items()})
    return encoder.eval()


def _weights(packed: PackedEncoder, kept: list[int]) -> dict:
    hidden, wide = packed.sizes["hidden"], packed.sizes["feed_forward"]
    weights = {
        "embeddings.word_embeddings.weight": packed.rows("emb.word", kept),
        "embeddings.position_embeddings.weight": packed.tensor("emb.pos", -1, hidden),
        "embeddings.token_type_embeddings.weight": packed.tensor("emb.type", -1, hidden),
        "embeddings.LayerNorm.weight": packed.tensor("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": packed.tensor("emb.ln.b", hidden),
    }
    for layer in range(packed.sizes["layers"]):
        for short, name in WITH_WEIGHT_AND_BIAS.items():
            width = wide if short == "fi" else hidden
            shape = (width,) if short.endswith("ln") else (width, wide if short == "fo" else hidden)
            weights[f"encoder.layer.{layer}.{name}.weight"] = packed.tensor(f"l{layer}.{short}.w", *shape)
            weights[f"encoder.layer.{layer}.{name}.bias"] = packed.tensor(f"l{layer}.{short}.b", width)
    return weights
