"""A stream that ends in an error before it fills the memory or the day."""

import io
from typing import Any, Optional, Union

from allennlp.common.checks import ConfigurationError

# The most bytes of a file, unpacked, unless a reader says otherwise. MNLI's training set is 430 MB.
LIMIT = 1_000_000_000
# Texts pack to a tenth, and not to less than a fiftieth; a file made to burst comes to a thousandth.
RATIO = 100
# What any file may unpack to, however small it is.
FREE = 4_000_000


class Bounded(io.RawIOBase):
    """
    The bytes of a stream, counted.

    # Parameters

    stream : `Any`
        A binary stream with `readinto`.
    path : `str`
        Its name, for errors.
    limit : `Optional[int]`, optional (default = `None`)
        The most bytes.
    packed : `Optional[Union[int, Bounded]]`, optional (default = `None`)
        What the stream is unpacked from, if it is: the number of its bytes, or the stream of them, which is closed
        with this one.
    may_burst : `bool`, optional (default = `False`)
        Whether it may unpack to any number of bytes, because nobody holds them all.

    # Raises

    `ConfigurationError`
        In reading, beyond the limit, or if the bytes are more than 100 times as many as those they come from.
    """

    def __init__(
        self,
        stream: Any,
        path: str,
        limit: Optional[int] = None,
        packed: Optional[Union[int, "Bounded"]] = None,
        may_burst: bool = False,
    ) -> None:
        self._stream = stream
        self._path = path
        self._limit = limit
        self._packed = packed
        self._may_burst = may_burst
        self._head = b""
        self.count = 0

    def head(self, size: int) -> bytes:
        """The first bytes, which are read again after it; a pipe has no other way back. To be called first."""
        while len(self._head) < size and (more := self._stream.read(size - len(self._head))):
            self._head += more
        return self._head

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._head:
            read = min(len(buffer), len(self._head))
            buffer[:read], self._head = self._head[:read], self._head[read:]
        else:
            read = self._stream.readinto(buffer) or 0
        self.count += read
        if self._limit is not None and self.count > self._limit:
            raise too_large(self._path, self._limit)
        if self.count > FREE and self._bursts():
            raise ConfigurationError(
                f"{self._path}: unpacks to more than {RATIO} times its size, as texts do not. Unpack it yourself if it "
                "is meant to."
            )
        return read

    def _bursts(self) -> bool:
        if self._packed is None or self._may_burst:
            return False
        return self.count > RATIO * (self._packed.count if isinstance(self._packed, Bounded) else self._packed)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._stream.close()
            if isinstance(self._packed, Bounded):
                self._packed.close()


def bytes_in(max_file_megabytes: int) -> int:
    """The bytes that a reader's key `max_file_megabytes` allows; below 1 is an error."""
    if max_file_megabytes < 1:
        raise ConfigurationError(f"max_file_megabytes: {max_file_megabytes} is below 1.")
    return max_file_megabytes * 1_000_000


def too_large(path: str, limit: int) -> ConfigurationError:
    """The error for a file beyond the limit."""
    return ConfigurationError(
        f"{path}: more than {limit / 1e6:g} MB. Split it, or raise the reader's max_file_megabytes."
    )
