"""What a manifest remembers of an example: a number of its texts, and one that its translations share."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Optional

# Of a hash. With n fingerprints remembered, a text that was never read is taken for one of them at a rate of n / 2^44:
# 2.2e-8 for MNLI's 392,702 pairs, or one in 9,000 evaluations on 5,010 pairs.
BITS = 44
# The keys of an example's metadata that hold its texts, by the kind of the example.
TEXTS: Mapping[str, tuple[str, str]] = {"pair": ("premise", "hypothesis"), "question": ("question", "context")}
SEPARATOR = "\x1f"  # between texts; it is white space, so no normalised text has it
# An id that nobody gives twice: SQuAD's, XQuAD's and MLQA's are 24 and 40 hexadecimal digits.
UNIQUE = re.compile(r"[0-9a-fA-F]{16}")


def kind_of(metadata: Mapping[str, Any]) -> Optional[str]:
    """Which kind of example has such metadata; `None` for one whose texts they do not hold."""
    return next((kind for kind, keys in TEXTS.items() if all(isinstance(metadata.get(k), str) for k in keys)), None)


def text_fingerprint(kind: str, metadata: Mapping[str, Any]) -> int:
    """
    A number of the texts of an example, whatever its id: in [0, 2^44). Texts that differ in case, white space or in how
    Unicode composes their letters have the same.
    """
    first, second = TEXTS[kind]
    return fingerprint((kind, _normalised(metadata[first]), _normalised(metadata[second])))


def group_fingerprint(id: str, namespace: Optional[str]) -> Optional[int]:
    """
    A number that an example shares with its translations: in [0, 2^44).

    # Parameters

    id : `str`
        The example's id.
    namespace : `Optional[str]`
        Within what an id that is a mere number stands for one example and its translations
        (`xlamaml_allennlp.provenance.fingerprint_file.namespace_of`).

    # Returns

    `Optional[int]`
        `None` where nothing tells which examples are its translations: the id is a row's number, or the same id may
        be another example's.
    """
    if UNIQUE.search(id):
        return fingerprint(("id", id))
    if namespace is None or id.startswith("row "):
        return None
    return fingerprint((namespace, id))


def fingerprint(parts: Iterable[str]) -> int:
    """The first 44 bits of the BLAKE2b hash of some texts."""
    content = SEPARATOR.join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest()) >> (64 - BITS)


# Three pairs of MNLI share a premise, and all questions about a paragraph its text.
@lru_cache(maxsize=1024)
def _normalised(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
