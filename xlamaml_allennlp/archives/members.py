"""The members of a tar, one after the other: regular files and folders, by strict rules, on any Python."""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.archives.names import shown
from xlamaml_allennlp.archives.stream import PIECE, Stream

BLOCK = tarfile.BLOCKSIZE
# The most bytes of a header that holds a long name; those are read into memory.
LONGEST_HEADER = 65_536
OTHERS = {
    tarfile.LNKTYPE: "a hard link",
    tarfile.SYMTYPE: "a symbolic link",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a pipe",
    tarfile.GNUTYPE_SPARSE: "a file with holes",
}


@dataclass
class Member:
    """
    A file or a folder of an archive.

    # Parameters

    name : `str`
        Its name as it is written there, which may be anything.
    size : `int`
        Its bytes.
    is_folder : `bool`
        Whether it is a folder.
    stream : `Stream`
        Where it is read from, before the member after it is asked for.
    """

    name: str
    size: int
    is_folder: bool
    stream: Stream

    def __post_init__(self) -> None:
        self._left = self.size

    def pieces(self) -> Iterator[bytes]:
        """What is in it and has not been read yet."""
        while self._left:
            piece = self.stream.read(min(self._left, PIECE))
            if not piece:
                raise EOFError(f"it ends {self._left} bytes early")
            self._left -= len(piece)
            yield piece

    def skip_rest(self) -> None:
        """Reads on to the member after it. What fills up its last block is nothing, or it is damaged."""
        for _ in self.pieces():
            pass
        if self.stream.exactly(-self.size % BLOCK).strip(b"\0"):
            raise tarfile.HeaderError("its last block is not filled up with zeros")


def members_of(stream: Stream, archive: str) -> Iterator[Member]:
    """
    The members of an archive.

    Python's `tarfile` takes a header that is damaged for the end, holds headers of any size in memory, and its filters
    are as good as the release that runs (CVE-2025-4517); so this reads the blocks itself.

    # Raises

    `ConfigurationError`
        If one is neither a file nor a folder.
    `tarfile.HeaderError`, `EOFError`, `ValueError`
        If it is damaged.
    """
    stated: dict[str, str] = {}
    while (block := stream.exactly(BLOCK)).strip(b"\0"):
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        if info.size < 0:
            raise tarfile.HeaderError("a negative size")
        if info.type in (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME):
            stated |= _extended(info, Member("a header", info.size, False, stream))
            continue
        member = Member(stated.get("path", info.name), int(stated.get("size", info.size)), info.isdir(), stream)
        stream.member = f'its member "{shown(member.name)}"'
        if info.type not in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE) or "sparse" in stated:
            kind = OTHERS.get(info.type, "of an unknown kind")
            raise ConfigurationError(
                f"{archive}: {stream.member} is {kind}. An archive has regular files and folders only."
            )
        if info.isdir() and member.size:
            raise tarfile.HeaderError("a folder that has bytes")
        yield member
        member.skip_rest()
        stated = {}
    _check_end(stream)


def _extended(info: tarfile.TarInfo, header: Member) -> dict[str, str]:
    """What a header says of the member after it."""
    if header.size > LONGEST_HEADER:
        raise tarfile.HeaderError(f"a header of {header.size} bytes")
    content = b"".join(header.pieces())
    header.skip_rest()
    if info.type == tarfile.GNUTYPE_LONGNAME:
        return {"path": content.rstrip(b"\0").decode("utf-8", "surrogateescape")}
    found: dict[str, str] = {}
    while content:
        digits = content.partition(b" ")[0]
        length = int(digits) if digits.isdigit() and len(digits) < 9 else 0
        record, content = content[:length], content[length:]
        key, equals, value = record[len(digits) + 1 : -1].partition(b"=")
        if not equals or len(record) < length or record[-1:] != b"\n":
            raise tarfile.HeaderError("a header that is none")
        if key in (b"path", b"size"):
            found[key.decode()] = value.decode("utf-8", "surrogateescape")
        elif key.startswith(b"GNU.sparse"):
            found["sparse"] = ""
    if (found and info.type == tarfile.XGLTYPE) or not found.get("size", "0").isdecimal():
        raise tarfile.HeaderError("a header that names or sizes no single member")
    return found


def _check_end(stream: Stream) -> None:
    # Read to the end, so that the checksum of what packs it is verified.
    stream.member = "what follows its last member"
    while piece := stream.read(PIECE):
        if piece.strip(b"\0"):
            raise tarfile.HeaderError("more after its end")
