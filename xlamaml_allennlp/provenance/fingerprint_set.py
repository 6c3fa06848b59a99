"""Many fingerprints in few bytes."""

from collections.abc import Sequence

import numpy as np

from xlamaml_allennlp.provenance.fingerprint import BITS

# What a fingerprint is, in an array.
DTYPE = np.dtype(np.uint64)


def numbers(fingerprints: Sequence[bytes]) -> np.ndarray:
    """Fingerprints as numbers in [0, 2^44), in the same order."""
    return np.frombuffer(b"".join(fingerprints), dtype=">u8").astype(DTYPE) >> np.uint64(64 - BITS)


def distinct(fingerprints: object) -> np.ndarray:
    """Fingerprints in ascending order, each once."""
    ascending = np.sort(np.asarray(fingerprints, dtype=DTYPE))
    # What np.unique finds in ten times the time.
    return ascending[np.diff(ascending, prepend=ascending[:1] + DTYPE.type(1)) != 0]


def pack(fingerprints: np.ndarray) -> bytes:
    """
    Ascending, distinct fingerprints as Elias and Fano (1974) write them: the low bits of each as they are, the high
    bits as the gaps between them in unary. 27.3 bits each for MNLI's 392,702, of 44.

    # Parameters

    fingerprints : `np.ndarray`
        As `distinct` gives them. Shape: (count,)
    """
    count = len(fingerprints)
    low = _low_bits(count)
    places = (fingerprints >> np.uint64(low)).astype(np.int64) + np.arange(count)
    unary = np.zeros(_unary_bits(count), dtype=np.uint8)
    unary[places] = 1
    # Shape: (count, 64), the highest bit first
    bits = np.unpackbits(fingerprints.astype(">u8").view(np.uint8).reshape(count, 8), axis=1)
    return np.packbits(unary).tobytes() + np.packbits(bits[:, 64 - low :]).tobytes()


def packed_size(count: int) -> int:
    """The bytes that so many fingerprints take."""
    return -(-_unary_bits(count) // 8) + -(-count * _low_bits(count) // 8)


def unpack(content: bytes, count: int) -> np.ndarray:
    """
    The fingerprints that were packed.

    # Parameters

    content : `bytes`
        What `pack` gave, of `packed_size(count)`.
    count : `int`
        How many there are.

    # Raises

    `ValueError`
        If the content is not of so many fingerprints.
    """
    if len(content) != packed_size(count):
        raise ValueError(f"{len(content)} bytes are not {count} fingerprints")
    low, split = _low_bits(count), -(-_unary_bits(count) // 8)
    places = np.flatnonzero(np.unpackbits(np.frombuffer(content[:split], dtype=np.uint8)))
    if len(places) != count:
        raise ValueError(f"{len(places)} fingerprints are not {count}")
    bits = np.zeros((count, 64), dtype=np.uint8)
    packed = np.unpackbits(np.frombuffer(content[split:], dtype=np.uint8))
    bits[:, 64 - low :] = packed[: count * low].reshape(count, low)
    lows = np.packbits(bits, axis=1).view(">u8").reshape(count).astype(DTYPE)
    return lows | ((places - np.arange(count)).astype(DTYPE) << np.uint64(low))


def _low_bits(count: int) -> int:
    return BITS - count.bit_length()


def _unary_bits(count: int) -> int:
    """A one for each fingerprint, and a nought for each value of the high bits."""
    return count + (1 << count.bit_length()) if count else 0
