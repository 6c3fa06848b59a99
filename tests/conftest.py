"""Tiny encoders of the two families that differ: BERT (token types, pad 0) and XLM-R (double separator, pad 1)."""

import signal
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaModel

# Many tests fork, and OpenMP's threads do not survive that: a child would wait for them for ever.
torch.set_num_threads(1)

# Whoever starts the tests in the background of a script has them ignore Ctrl-C, which some of them send and wait for.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Properties are about results; how long one takes says something about the machine.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")

# Every character that the tests' sentences use, as a piece of its own and as a continuation.
ALPHABET = "".join(
    chr(code)
    for first, last in [(33, 126), (0xA1, 0x24F), (0x370, 0x52F), (0x5D0, 0x6FF), (0x900, 0x97F), (0xE00, 0xE5B)]
    for code in range(first, last + 1)
)
SIZES = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}


@pytest.fixture(scope="session", autouse=True)
def cache_of_the_tests(tmp_path_factory) -> Iterator[None]:
    """The configs keep examples in the user's cache; here that is a folder of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def cuda() -> torch.device:
    """The first GPU; a test that asks for one is skipped where there is none."""
    if not torch.cuda.is_available():
        pytest.skip("there is no GPU")
    return torch.device("cuda", 0)


@pytest.fixture(scope="session")
def bert_folder(tmp_path_factory) -> Path:
    """A BERT of 2 layers, width 16, with a fast WordPiece tokenizer, as a transformers folder."""
    folder = tmp_path_factory.mktemp("tiny-bert")
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *ALPHABET, *("##" + c for c in ALPHABET)]
    vocab = {piece: i for i, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocab["[CLS]"]), ("[SEP]", vocab["[SEP]"])],
    )
    _save_tokenizer(
        tokenizer,
        folder,
        ["input_ids", "token_type_ids", "attention_mask"],
        pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
    )  # fmt: skip
    torch.manual_seed(0)
    BertModel(BertConfig(vocab_size=len(vocab), max_position_embeddings=512, **SIZES)).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def xlmr_folder(tmp_path_factory) -> Path:
    """An XLM-R of 2 layers, width 16, with a fast, NFKC-normalising Unigram tokenizer, as a transformers folder."""
    folder = tmp_path_factory.mktemp("tiny-xlmr")
    pieces = list(dict.fromkeys(["<s>", "<pad>", "</s>", "<unk>", "▁", *ALPHABET]))
    tokenizer = Tokenizer(models.Unigram([(piece, -2.0) for piece in pieces], unk_id=3))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    _save_tokenizer(
        tokenizer,
        folder,
        ["input_ids", "attention_mask"],
        bos_token="<s>", eos_token="</s>", pad_token="<pad>", unk_token="<unk>", cls_token="<s>", sep_token="</s>",
    )  # fmt: skip
    torch.manual_seed(0)
    config = XLMRobertaConfig(
        vocab_size=len(pieces), max_position_embeddings=514, pad_token_id=1, type_vocab_size=1, **SIZES
    )
    XLMRobertaModel(config).save_pretrained(folder)
    return folder


def _save_tokenizer(tokenizer: Tokenizer, folder: Path, inputs: list[str], **special_tokens: str) -> None:
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_input_names=inputs, model_max_length=512, **special_tokens
    )
    fast.save_pretrained(folder)
