"""What a manifest remembers of an example: a hash of its texts, and one that its translations share."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, Optional

# Of the 64 of a hash, the first ones. With n fingerprints remembered, a text that was never read is taken for one of
# them at a rate of n / 2^44: 2.2e-8 for MNLI's 392,702 pairs, so in one of 9,000 evaluations on 5,010 pairs.
BITS = 44
# The keys of an example's metadata that hold its texts, by the kind of the example.
TEXTS: Mapping[str, tuple[str, str]] = {"pair": ("premise", "hypothesis"), "question": ("question", "context")}
# An id that nobody gives twice: SQuAD's, XQuAD's and MLQA's are 24 and 40 hexadecimal digits.
UNIQUE = re.compile(r"[0-9a-fA-F]{16}")


def kind_of(metadata: Mapping[str, Any]) -> Optional[str]:
    """Which kind of example has such metadata; `None` for one whose texts they do not hold."""
    return next((kind for kind, keys in TEXTS.items() if all(isinstance(metadata.get(k), str) for k in keys)), None)


def text_fingerprints(kind: str, texts: Sequence[str]) -> list[bytes]:
    """
    What stands for the texts of examples, whatever their ids. Texts that differ in case, in white space or in how
    Unicode composes their letters have the same.

    # Parameters

    kind : `str`
        "pair" or "question".
    texts : `Sequence[str]`
        Premise and hypothesis, or question and context, of each example, one after the other.
    """
    # Many at once: reading a pair takes some 150 microseconds, of which 3 % are not to be spent here.
    plain = map(_normalised, texts)
    return [
        blake2b(f"{kind}\n{first}\n{second}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
        for first, second in zip(plain, plain, strict=True)
    ]


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
    return [
        None if of is None else blake2b(f"{of}\n{id}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
        for of, id in zip(within, ids, strict=True)
    ]


def _normalised(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.casefold().strip()
    # To take a text apart and put it together again costs three times as much as all the rest.
    return " ".join(text.split()) if "  " in text or not text.isprintable() else text
