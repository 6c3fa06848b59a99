"""What can happen to a file: bytes lost, doubled, foreign; values of JSON that are of another kind."""

import copy
import gzip
import json
import random
from collections.abc import Callable
from typing import Any

# Bytes that mean something to some reader.
WORDS = [
    b"\t", b"\n", b"\r", b"\r\n", b'"', b'""', b"{", b"}", b"[", b"]", b",", b":", b"\\", b"\x00", b"\xff",
    b"\xef\xbb\xbf", b"\xe2\x80\x8b", b"\xe2\x80\xa8", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"\xc2\xa0", b" ",
    b"null", b"true", b"NaN", b"-1", b"1e999", b"-", b"hi", b"language", b"label", b"premise", b"sentence1",
    b"9" * 5000, b"[" * 2000, b'{"a":' * 2000, b"x" * 10_000, "ग".encode() * 3000, b"\t" * 500,
    b"\x1f\x8b", b"PK\x03\x04", b"BZh9", b"\xfd7zXZ\x00",
]  # fmt: skip
# Values that a key is seldom given.
VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 1.5, 10**30, float("nan"), float("inf"), "", " ", "\u200b", "\ud800", "-",
    "x" * 5000, "en", "entailment", "0", "null", [], {}, [1], {"a": 1}, [[[]]],
]  # fmt: skip

Mutation = Callable[[random.Random, bytes], bytes]


def flip(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]


def insert(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.choice(WORDS) + content[at:]


def replace(chance: random.Random, content: bytes) -> bytes:
    first, last = _slice(chance, content)
    return content[:first] + chance.choice(WORDS) + content[last:]


def delete(chance: random.Random, content: bytes) -> bytes:
    first, last = _slice(chance, content)
    return content[:first] + content[last:]


def repeat(chance: random.Random, content: bytes) -> bytes:
    first, last = _slice(chance, content)
    return content[:first] + content[first:last] * chance.choice([2, 3, 50]) + content[last:]


def cut(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def recode(chance: random.Random, content: bytes) -> bytes:
    """As other programs write texts: in another encoding, with other line ends, packed, or packed and damaged."""
    text = content.decode("utf-8", "replace")
    packed = gzip.compress(content, mtime=0)
    forms = (
        text.encode(chance.choice(["utf-16", "utf-8-sig", "utf-32", "cp1252"]), "replace"),
        content.replace(b"\n", chance.choice([b"\r", b"\r\n", b"\n\n"])),
        packed,
        flip(chance, packed),
        cut(chance, packed),
    )
    return chance.choice(forms)


def restructure(chance: random.Random, content: bytes) -> bytes:
    """Another value, a key less, or a key's value twice, anywhere in a line of JSON, or in a file that is all JSON."""
    for text in (content, *chance.sample(lines := content.splitlines(), len(lines))):
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            continue
        changed = json.dumps(_changed(chance, document), ensure_ascii=chance.random() < 0.5)
        return content.replace(text, changed.encode("utf-8", "surrogatepass"), 1)
    return insert(chance, content)


MUTATIONS: tuple[Mutation, ...] = (
    flip,
    insert,
    replace,
    delete,
    repeat,
    cut,
    recode,
    restructure,
    restructure,
    restructure,
)


def mutated(chance: random.Random, content: bytes) -> bytes:
    """The content after one to four mutations."""
    for mutate in chance.choices(MUTATIONS, k=chance.choice([1, 1, 2, 4])):
        content = mutate(chance, content) if content else chance.choice(WORDS)
    return content


def _slice(chance: random.Random, content: bytes) -> tuple[int, int]:
    first = chance.randrange(len(content))
    return first, min(len(content), first + chance.choice([1, 2, 10, 100]))


def _changed(chance: random.Random, document: Any) -> Any:
    document = copy.deepcopy(document)
    holders = [node for node in _nodes(document) if isinstance(node, (dict, list)) and node]
    if not holders or chance.random() < 0.05:
        return chance.choice(VALUES)
    holder = chance.choice(holders)
    key = chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    if chance.random() < 0.25:
        del holder[key]
    else:
        holder[key] = chance.choice([*VALUES, [holder[key], holder[key]], {"text": holder[key]}])
    return document


def _nodes(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [value, *(node for each in inner for node in _nodes(each))]
