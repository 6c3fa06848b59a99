"""How one file may be packed: by gzip, bzip2 or xz, told by its first bytes."""

import bz2
import gzip
import lzma
import re
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple, Optional

# What reading a file that is broken where it is packed raises. Of bzip2 it may also be an `OSError` without a number.
BROKEN_PACKING = (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError)


class Packing(NamedTuple):
    """A kind of packing: its name, the ending that it gives to names, the first bytes, and what unpacks a stream."""

    name: str
    ending: str
    magic: bytes
    unpack: Callable[[BinaryIO], Any]


PACKINGS = (
    Packing("gzip", ".gz", rb"\x1f\x8b", lambda stream: gzip.GzipFile(fileobj=stream)),
    Packing("bzip2", ".bz2", rb"BZh[1-9](1AY&SY|\x17rE8P\x90)", bz2.BZ2File),
    Packing("xz", ".xz", rb"\xfd7zXZ\x00", lzma.LZMAFile),
)


def packing_of(head: bytes) -> Optional[Packing]:
    """How a file that begins so is packed; `None` if it is not."""
    return next((packing for packing in PACKINGS if re.match(packing.magic, head)), None)


def packing_named(name: str) -> Optional[Packing]:
    """How a file is packed by its name; `None` if that tells nothing."""
    return next((packing for packing in PACKINGS if name.lower().endswith(packing.ending)), None)
