"""What AllenNLP's own components make of transformers: tokenizers, indexers, vocabularies and the optimizer."""

from pathlib import Path
from typing import Any

import torch
from allennlp.common import Params
from allennlp.data import Vocabulary
from allennlp.data.token_indexers import TokenIndexer
from allennlp.data.tokenizers import Tokenizer
from allennlp.training.optimizers import Optimizer

from tests.upstream.golden_encoders import TEXTS

# AllenNLP finds special tokens by "a" and "b", or "1" and "2", which must be single pieces.
ENCODERS = ["bert", "bert-uncased", "distilbert", "electra", "roberta"]


def pieces(folder: Path) -> dict[str, Any]:
    """Tokens with their places, texts between special tokens, and ids of long texts in segments of eight."""
    tokenizer: Any = Tokenizer.from_params(Params({"type": "pretrained_transformer", "model_name": str(folder)}))
    bare: Any = Tokenizer.from_params(
        Params({"type": "pretrained_transformer", "model_name": str(folder), "add_special_tokens": False})
    )
    indexer = TokenIndexer.from_params(
        Params({"type": "pretrained_transformer", "model_name": str(folder), "max_length": 8})
    )
    tokens = [tokenizer.tokenize(text) for text in TEXTS]
    paired = bare.add_special_tokens(bare.tokenize("a b"), bare.tokenize("c"))
    vocabulary = Vocabulary.from_pretrained_transformer(str(folder))
    return {
        "tokens": [[[t.text, t.text_id, t.type_id, t.idx, t.idx_end] for t in text] for text in tokens],
        "paired": [[token.text, token.type_id] for token in paired],
        "words": [token.text for token in tokenizer.intra_word_tokenize("two words".split())[0]],
        "segments": [indexer.tokens_to_indices(text, Vocabulary()) for text in tokens],
        "vocabulary": [vocabulary.get_vocab_size("tokens"), vocabulary.get_token_from_index(7, "tokens")],
    }


def huggingface_adamw() -> list[float]:
    """A parameter after each of six steps, with and without correction and decay."""
    found = []
    for keys in ({}, {"weight_decay": 0.1}, {"correct_bias": False, "eps": 1e-3, "betas": [0.8, 0.9]}):
        parameter = torch.nn.Parameter(torch.tensor([1.0, -2.0], dtype=torch.float64))
        named = [("p", parameter)]
        settings = {"type": "huggingface_adamw", "lr": 0.1, **keys}
        optimizer: Any = Optimizer.from_params(Params(settings), model_parameters=named)
        for step in range(6):
            parameter.grad = parameter.detach() ** 2 * (1 + step % 2) - 1
            optimizer.step()
            found += parameter.detach().tolist()
    return found
