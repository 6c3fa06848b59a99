"""The bytes of a packed archive, unpacked: counted, so that one made to burst ends in an error before it does."""

import gzip
import hashlib
import io
import math
from typing import Any, BinaryIO

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.archives.settings import GIGABYTES, TRUSTING

# Weights hardly pack, and vocabularies to a tenth; a file made to burst comes to a thousandth.
RATIO = 100
# What any archive may unpack to, however small it is.
FREE = 100_000_000
PIECE = 1 << 20


class Packed(io.RawIOBase):
    """
    The bytes of an archive's file, counted.

    # Parameters

    file : `BinaryIO`
        The file.
    unsealed : `int`
        How many bytes at its beginning are not part of the digest.
    """

    def __init__(self, file: BinaryIO, unsealed: int) -> None:
        self._file = file
        self._unsealed = unsealed
        self._digest = hashlib.sha256()
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        read = self._file.readinto(buffer)  # type: ignore[attr-defined]
        self._digest.update(memoryview(buffer)[min(read, max(0, self._unsealed - self.count)) : read])
        self.count += read
        return read

    def digest(self) -> bytes:
        """The SHA-256 of what was read, but for the first `unsealed` bytes."""
        return self._digest.digest()


class Stream:
    """
    An archive, unpacked, from its beginning to its end.

    # Parameters

    packed : `Packed`
        Its file.
    archive : `str`
        Its name, for errors.
    limit : `float`, optional (default = infinity)
        The most bytes.
    ratio : `float`, optional (default = infinity)
        As many times the bytes of the file may there be.

    # Raises

    `ConfigurationError`
        In reading, beyond the limit or the ratio.
    """

    def __init__(self, packed: Packed, archive: str, limit: float = math.inf, ratio: float = math.inf) -> None:
        self._packed = packed
        self._unpacked = gzip.GzipFile(fileobj=io.BufferedReader(packed, PIECE), mode="rb")
        self._archive = archive
        self._limit = limit
        self._ratio = ratio
        self.count = 0
        # What is being read, for errors.
        self.member = "its first member"

    def read(self, size: int) -> bytes:
        """At most so many bytes, and none at the end only."""
        piece = self._unpacked.read(min(size, PIECE))
        self.count += len(piece)
        if self.count > self._limit:
            raise ConfigurationError(
                f"{self._archive}: more than {self._limit / 1e9:g} GB, unpacked up to {self.member}. "
                f"{GIGABYTES} allows more."
            )
        if self.count > FREE and self.count > self._ratio * self._packed.count:
            raise ConfigurationError(
                f"{self._archive}: {self.member} unpacks to more than {self._ratio:g} times its size, as weights "
                f"and vocabularies do not: the archive was made to burst. If it is yours, {TRUSTING}."
            )
        return piece

    def exactly(self, size: int) -> bytes:
        """
        So many bytes, which are held in memory.

        # Raises

        `EOFError`
            If there are fewer.
        """
        found = bytearray()
        while len(found) < size:
            piece = self.read(size - len(found))
            if not piece:
                raise EOFError(f"it ends after {self.count} bytes, unpacked")
            found += piece
        return bytes(found)
