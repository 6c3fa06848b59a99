"""What a manifest remembers of an example: a hash of its texts, and one that its translations share."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Optional

# Of the 64 of a hash, the first ones. With n fingerprints remembered, a text that was never read is taken for one of
# them at a rate of n / 2^44: 2.2e-8 for MNLI's 392,702 pairs, so in one of 9,000 evaluations on 5,010 pairs.
BITS = 44
# The keys of an example's metadata that hold its texts, by the kind of the example.
TEXTS: Mapping[str, tuple[str, str]] = {"pair": ("premise", "hypothesis"), "question": ("question", "context")}
# An id that nobody gives twice: SQuAD's, XQuAD's and MLQA's are 24 and 40 hexadecimal digits.
UNIQUE = re.compile(r"[0-9a-fA-F]{16}")
# In one go, for it is what most texts are: letters to small ones, white space to spaces.
ASCII = bytes(ord(" ") if chr(byte).isspace() else ord(chr(byte).lower()) for byte in range(128)) + bytes(128)


def kind_of(metadata: Mapping[str, Any]) -> Optional[str]:
    """Which kind of example has such metadata; `None` for one whose texts they do not hold."""
    return next((kind for kind, keys in TEXTS.items() if all(isinstance(metadata.get(k), str) for k in keys)), None)


def text_fingerprints(kind: str, firsts: Sequence[str], seconds: Sequence[str]) -> list[bytes]:
    """
    What stands for the texts of examples, whatever their ids. Texts that differ in case, in white space or in how
    Unicode composes their letters have the same.

    # Parameters

    kind : `str`
        "pair" or "question".
    firsts, seconds : `Sequence[str]`
        Premise and hypothesis, or question and context, of each example.
    """
    # Many at once: reading a pair takes some 130 microseconds, of which 3 % are not to be spent here.
    return _hashed(
        [f"{kind}\n{first}\n{second}" for first, second in zip(_normalised(firsts), _normalised(seconds), strict=True)]
    )


def group_fingerprints(ids: Sequence[str], namespace: Optional[str]) -> list[Optional[bytes]]:
    """
    What stands for examples and their translations.

    # Parameters

    ids : `Sequence[str]`
        Ids of examples.
    namespace : `Optional[str]`
        Within what an id that is a mere number stands for one example and its translations
        (`xlamaml_allennlp.provenance.fingerprint_file.namespace_of`).

    # Returns

    `List[Optional[bytes]]`
        `None` where nothing tells which examples are translations: the id is a row's number, or the same id may be
        another example's.
    """
    within = [
        "id" if len(id) > 15 and UNIQUE.search(id) else None if id.startswith("row ") else namespace for id in ids
    ]
    hashed = iter(_hashed([f"{of}\n{id}" for of, id in zip(within, ids, strict=True) if of is not None]))
    return [None if of is None else next(hashed) for of in within]


def _hashed(contents: Sequence[str]) -> list[bytes]:
    try:
        encoded = [content.encode() for content in contents]
    except UnicodeEncodeError:  # a lone surrogate, which JSON may hold; to allow it takes half as long again
        encoded = [content.encode("utf-8", "surrogatepass") for content in contents]
    return [blake2b(content, digest_size=8).digest() for content in encoded]


def _normalised(texts: Iterable[str]) -> Iterator[str]:
    before = plain = ""
    for text in texts:
        # The three pairs of a premise follow each other in XNLI, as the questions about a paragraph do.
        if text != before:
            before, plain = text, _normal_form(text)
        yield plain


def _normal_form(text: str) -> str:
    # To take a text apart and put it together again costs three times as much as all the rest.
    if text.isascii():
        plain = text.encode().translate(ASCII).decode().strip()
        return " ".join(plain.split()) if "  " in plain else plain
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    return " ".join(plain.split()) if "  " in plain or not plain.isprintable() else plain
