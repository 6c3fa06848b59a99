"""Writes a tiny encoder in the packed format: what the reader must get back is known beforehand."""

import struct
from pathlib import Path

import numpy as np

HIDDEN, LAYERS, WIDE, POSITIONS = 32, 1, 64, 16
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", *"abcd", "▁ab", "▁cd", "ab", "▁ba"]
SCORES = [0.0, 0.0, 0.0, 0.0, -3.0, -5.0, -5.0, -5.0, -5.0, -1.0, -1.5, -2.0, -1.25]
# SentencePiece's rules differ from NFKC here: a tab becomes a space.
REPLACEMENTS = {"\t": " ", "ﬁ": "fi"}


class PackedFile:
    """The packed file's bytes, and the weights that they stand for, by name."""

    def __init__(self, block: int = 32) -> None:
        self._random = np.random.default_rng(0)
        self._block = block
        self._data = b""
        self._directory: list[tuple[bytes, int, int, int, int]] = []
        self.weights: dict[str, np.ndarray] = {}
        self._add_tensors()

    def write(self, path: Path) -> Path:
        # The directory holds offsets from the start of the file: measure the head with zeros first.
        head = self._head(0)
        path.write_bytes(self._head(len(head)) + self._data)
        return path

    def _head(self, offset: int) -> bytes:
        sizes = (HIDDEN, LAYERS, 2, WIDE, len(PIECES), POSITIONS, 2)
        blob = [piece.encode() for piece in PIECES]
        bounds = np.cumsum([0, *(len(piece) for piece in blob)]).tolist()
        rules = b"".join(
            struct.pack(f"<IB{len(new)}I", ord(old), len(new), *map(ord, new)) for old, new in REPLACEMENTS.items()
        )
        entries = b"".join(
            struct.pack(f"<H{len(name)}sBIQQ", len(name), name, kind, count, start + offset, size)
            for name, kind, count, start, size in self._directory
        )
        return (
            b"E5S1" + struct.pack("<I7ifi", 1, *sizes, 1e-12, self._block)
            + struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, bounds[-1])
            + struct.pack(f"<{len(bounds)}I{len(SCORES)}f", *bounds, *SCORES) + b"".join(blob)
            + struct.pack("<iI", len(REPLACEMENTS), len(rules)) + rules
            + struct.pack("<i", len(self._directory)) + entries
        )  # fmt: skip

    def _add_tensors(self) -> None:
        for name, rows in [("word", len(PIECES)), ("pos", POSITIONS), ("type", 2)]:
            self._add_packed(f"emb.{name}", rows * HIDDEN)
        norms = ["emb.ln", *(f"l{layer}.{norm}" for layer in range(LAYERS) for norm in ("aln", "oln"))]
        for name in norms:
            self._add_plain(f"{name}.w", HIDDEN)
            self._add_plain(f"{name}.b", HIDDEN)
        for layer in range(LAYERS):
            for name, into, outof in [*((n, HIDDEN, HIDDEN) for n in ("q", "k", "v", "ao")), ("fi", WIDE, HIDDEN)]:
                self._add_packed(f"l{layer}.{name}.w", into * outof)
                self._add_plain(f"l{layer}.{name}.b", into)
            self._add_packed(f"l{layer}.fo.w", HIDDEN * WIDE)
            self._add_plain(f"l{layer}.fo.b", HIDDEN)

    def _add_plain(self, name: str, count: int) -> None:
        values = self._random.normal(size=count).astype("<f4")
        self._add(name, 0, values, values.tobytes())

    def _add_packed(self, name: str, count: int) -> None:
        # Weight j of a block of 32 lies in the low half of byte j, weight j + 16 in the high half.
        levels = self._random.integers(0, 16, size=(count // 32, 32)).astype("u1")
        scales = self._random.uniform(0.01, 0.1, size=(count // 32, 1)).astype("<f2")
        data = b"".join(
            scale.tobytes() + bytes(low | high << 4 for low, high in zip(row[:16], row[16:], strict=True))
            for scale, row in zip(scales, levels.tolist(), strict=True)
        )
        self._add(name, 2, (levels.astype("f4") - 8) * scales.astype("f4"), data)

    def _add(self, name: str, kind: int, values: np.ndarray, data: bytes) -> None:
        self._directory.append((name.encode(), kind, values.size, len(self._data), len(data)))
        self.weights[name] = values.reshape(-1)
        self._data += data
