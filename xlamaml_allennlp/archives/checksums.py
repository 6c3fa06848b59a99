"""
The checksums of an archive: one per member, in the member `checksums.json` that comes first, and one over the file.

They tell damage, not malice: whoever changes an archive can write new ones. The checksum over the file stands in the
header of its gzip stream, where nothing that unpacks looks, and is gone when somebody packs the members anew.
"""

import hashlib
import io
import json
import os
import shutil
import struct
import tarfile
import zlib
from typing import BinaryIO, Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.archives.members import Member, members_of
from xlamaml_allennlp.archives.names import CHECKSUMS, path_in, shown
from xlamaml_allennlp.archives.stream import Packed, Stream
from xlamaml_allennlp.files.json_text import parse_json
from xlamaml_allennlp.files.whole_file import in_place_of

# A gzip header without a time, with one extra field, "XM", of 32 bytes.
HEADER = b"\x1f\x8b\x08\x04\0\0\0\0\x02\xff" + struct.pack("<H2sH", 36, b"XM", 32)
SEALED = len(HEADER) + 32
HAS_EXTRA_FIELD = 4

Checksums = dict[str, str]


def seal(draft: str, path: str) -> None:
    """
    Makes an archive of a draft of one, which goes: with the checksums of its members, in one piece or not at all.

    # Parameters

    draft : `str`
        A gzipped tar, just written. It is read again for its checksums, which finds out whether it is whole.
    path : `str`
        The archive.
    """
    try:
        member = _packed(_member(json.dumps({"sha256": _checksums_of(draft)}, indent=1).encode()))
        with in_place_of(path) as partial, open(partial, "w+b") as file, open(draft, "rb") as rest:
            file.write(HEADER + bytes(32) + member)
            shutil.copyfileobj(rest, file)
            file.seek(SEALED)
            digest = hashlib.file_digest(file, "sha256").digest()
            file.seek(len(HEADER))
            file.write(digest)
            file.flush()
            os.fsync(file.fileno())
    finally:
        os.unlink(draft)


def seal_in(file: BinaryIO) -> Optional[bytes]:
    """The checksum over the file that an archive has, if it has one. The file is then at its beginning."""
    beginning = file.read(SEALED)
    file.seek(0)
    return beginning[len(HEADER) :] if beginning.startswith(HEADER) else None


def has_broken_seal(file: BinaryIO) -> bool:
    """Whether a file without a checksum over it begins almost as one with it does."""
    file.seek(0)
    beginning = file.read(len(HEADER))
    return bool(beginning[3] & HAS_EXTRA_FIELD)


def checksums_in(content: bytes, archive: str) -> Checksums:
    """
    What `checksums.json` says.

    # Raises

    `ConfigurationError`
        If it says nothing that can be understood.
    """
    try:
        found = parse_json(content.decode("utf-8"), unique_keys=True)["sha256"]
        if isinstance(found, dict):
            return {str(name): str(digest) for name, digest in found.items()}
        problem = "no object"
    except (ValueError, KeyError, TypeError) as error:
        problem = str(error)
    raise damaged(archive, f"its member {CHECKSUMS}", problem)


def check_member(name: str, digest: str, expected: Checksums, archive: str) -> None:
    """
    Compares the checksum of a member with that in `checksums.json`.

    # Raises

    `ConfigurationError`
        If it is another, or is not there.
    """
    if name not in expected:
        raise ConfigurationError(
            f'{archive}: its member "{shown(name)}" is not in {CHECKSUMS}. Get the archive again; if you added it, '
            f"leave {CHECKSUMS} out."
        )
    if digest != expected[name]:
        problem, way_out = f"its checksum is not that in {CHECKSUMS}", f"; if you changed it, leave {CHECKSUMS} out"
        raise damaged(archive, f'its member "{shown(name)}"', problem, way_out)


def check(found: Checksums, expected: Checksums, archive: str) -> None:
    """
    Compares the checksums of all members.

    # Raises

    `ConfigurationError`
        If one is another, or is missing on either side.
    """
    for name, digest in found.items():
        check_member(name, digest, expected, archive)
    for name in expected:
        if name not in found:
            raise damaged(archive, f'its member "{shown(name)}"', f"it is in {CHECKSUMS} and not in the archive")


def damaged(archive: str, what: str, problem: str, or_else: str = "") -> ConfigurationError:
    """The error for an archive that is not as it was written."""
    return ConfigurationError(f"{archive} is damaged: {what} ({problem}). Get it again{or_else}.")


def digest_of(member: Member, write: Optional[BinaryIO] = None) -> str:
    """The checksum of a member, which is read to its end, and written if there is a file for it."""
    digest = hashlib.sha256()
    for piece in member.pieces():
        digest.update(piece)
        if write is not None:
            write.write(piece)
    return digest.hexdigest()


def _checksums_of(draft: str) -> Checksums:
    with open(draft, "rb") as file:
        stream = Stream(Packed(file, 0), draft)
        return {
            path_in(member.name, draft, stream.member): digest_of(member)
            for member in members_of(stream, draft)
            if not member.is_folder
        }


def _member(content: bytes) -> bytes:
    """The blocks of the member, without those that end a tar."""
    info = tarfile.TarInfo(CHECKSUMS)
    info.size = len(content)
    blocks = io.BytesIO()
    with tarfile.open(fileobj=blocks, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        tar.addfile(info, io.BytesIO(content))
        return blocks.getvalue()


def _packed(content: bytes) -> bytes:
    """The rest of a gzip stream, after its header."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    trailer = struct.pack("<LL", zlib.crc32(content), len(content) & 0xFFFFFFFF)
    return packer.compress(content) + packer.flush() + trailer
