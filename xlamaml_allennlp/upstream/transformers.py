"""What AllenNLP misses in transformers 5."""

import functools
import sys
from types import ModuleType
from typing import Any

from xlamaml_allennlp.upstream import releases


def answer_for_adamw(module: ModuleType) -> None:
    """
    Lets `transformers.AdamW` be found.

    transformers is a lazy module that may be put in place anew while it is imported, so a name that is set on it is
    lost. One that its class answers is not.
    """
    lazy: Any = type(module)
    theirs = lazy.__getattr__

    def __getattr__(self: ModuleType, name: str) -> Any:
        if self.__name__ == "transformers" and name == "AdamW":
            from xlamaml_allennlp.upstream.adamw import AdamW

            return AdamW
        try:
            return theirs(self, name)
        except AttributeError:
            if asked_by_allennlp() and not name.startswith("__"):
                raise releases.missing("transformers", f"{self.__name__}.{name}") from None
            raise

    lazy.__getattr__ = __getattr__


def supply_encoding(module: ModuleType) -> None:
    """Gives tokenizers the methods `encode_plus`, `batch_encode_plus` and `build_inputs_with_special_tokens` again."""
    base = module.PreTrainedTokenizerBase
    for method in (encode_plus, batch_encode_plus, build_inputs_with_special_tokens):
        if not hasattr(base, method.__name__):
            setattr(base, method.__name__, method)


def encode_plus(self: Any, text: Any, text_pair: Any = None, **keys: Any) -> Any:
    """What calling the tokenizer gives for one text, or a pair."""
    return self(text, text_pair, **keys)


def batch_encode_plus(self: Any, batch_text_or_text_pairs: Any, **keys: Any) -> Any:
    """What calling the tokenizer gives for several texts."""
    return self(batch_text_or_text_pairs, **keys)


def build_inputs_with_special_tokens(self: Any, token_ids_0: list[int]) -> list[int]:
    """The ids of a text between those that the tokenizer puts before and after a text."""
    # What stands before and after is seen at any text.
    encoded = self("1", return_special_tokens_mask=True)
    pairs = list(zip(encoded["input_ids"], encoded["special_tokens_mask"], strict=True))
    inner = [number for number, (_, special) in enumerate(pairs) if not special]
    ids = encoded["input_ids"]
    return [*ids[: inner[0]], *token_ids_0, *ids[inner[-1] + 1 :]]


def load_as_named(module: ModuleType) -> None:
    """
    Loads for AllenNLP what a name says, and no code that comes with it.

    `add_special_tokens`, which AllenNLP gives when it loads a tokenizer, has become the name of a method. Tokenizers
    follow their tokenizer.json. Without a word about `trust_remote_code`, transformers asks on standard input.
    """
    get, get_tokenizer = module.get, module.get_tokenizer

    @functools.wraps(get)
    def get_safely(model_name: str, make_copy: bool, *args: Any, **keys: Any) -> Any:
        return get(model_name, make_copy, *args, **{"trust_remote_code": False, **keys})

    @functools.wraps(get_tokenizer)
    def get_tokenizer_as_named(model_name: str, **keys: Any) -> Any:
        from xlamaml_allennlp.upstream.tokenizer_file import obey_file

        keys.pop("add_special_tokens", None)
        known = set(map(id, module._tokenizer_cache.values()))
        tokenizer = get_tokenizer(model_name, **{"trust_remote_code": False, **keys})
        if id(tokenizer) in known or not tokenizer.is_fast:
            return tokenizer
        return obey_file(tokenizer, model_name, **keys)

    module.get, module.get_tokenizer = get_safely, get_tokenizer_as_named  # type: ignore[attr-defined]


def asked_by_allennlp() -> bool:
    """Whether the caller's caller is a module of AllenNLP."""
    return str(sys._getframe(2).f_globals.get("__name__")).startswith("allennlp.")
