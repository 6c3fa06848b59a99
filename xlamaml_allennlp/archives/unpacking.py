"""An archive, unpacked into a folder: nothing else is written, and nothing is used before all of it was checked."""

import gzip
import logging
import math
import tarfile
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.archives import checksums
from xlamaml_allennlp.archives.config import check_config
from xlamaml_allennlp.archives.members import Member, members_of
from xlamaml_allennlp.archives.names import (
    CHECKSUMS,
    CONFIG,
    WEIGHTS,
    check_known,
    is_of_macos,
    most_bytes,
    path_in,
    shown,
)
from xlamaml_allennlp.archives.settings import FILES, limits, trusts
from xlamaml_allennlp.archives.stream import RATIO, Packed, Stream
from xlamaml_allennlp.files.whole_file import damage

logger = logging.getLogger(__name__)

DAMAGE = (gzip.BadGzipFile, EOFError, zlib.error, tarfile.TarError, ValueError)


def unpack(path: str, folder: str, archive: str, wanted: Optional[Collection[str]] = None) -> dict[str, Any]:
    """
    Unpacks an archive, which may be a stranger's.

    # Parameters

    path : `str`
        The file.
    folder : `str`
        An empty folder. What is in it after an error is not to be used.
    archive : `str`
        The name by which it was asked for, for errors.
    wanted : `Optional[Collection[str]]`, optional (default = `None`)
        What is written of it beside its config.json: files and folders at its top, or everything. All of it is checked.

    # Returns

    `Dict[str, Any]`
        Its config.

    # Raises

    `ConfigurationError`
        If it is damaged, is none that `allennlp train` writes, or does not fit in the limits; with the member.
    """
    try:
        with open(path, "rb") as file:
            seal = checksums.seal_in(file)
            packed = Packed(file, checksums.SEALED if seal else 0)
            stream = Stream(packed, archive, limits().size, math.inf if trusts() else RATIO)
            found, expected = _unpacked(stream, Path(folder), archive, wanted)
            if seal is None and expected and checksums.has_broken_seal(file):
                raise checksums.damaged(archive, "its first bytes", "not those that were written")
    except DAMAGE as error:
        if not packed.count or (isinstance(error, gzip.BadGzipFile) and not stream.count):
            raise ConfigurationError(f"{archive} is not an archive of `allennlp train`: {error}.") from error
        raise checksums.damaged(archive, stream.member, str(error)) from error
    except OSError as error:
        raise ConfigurationError(f"{archive} cannot be unpacked: {error}.") from error
    if expected is not None:
        checksums.check(found, expected, archive)
    if seal is not None and seal != packed.digest():
        raise checksums.damaged(archive, "the file", "its checksum is not that of its contents")
    config = check_config(Path(folder) / CONFIG, archive)
    if not trusts():
        check_known(found, config, archive)
    if expected is None:
        _check_weights(Path(folder) / WEIGHTS, archive)
    return config


def _unpacked(
    stream: Stream, folder: Path, archive: str, wanted: Optional[Collection[str]]
) -> tuple[checksums.Checksums, Optional[checksums.Checksums]]:
    """The checksums of its members, and those that it says they have."""
    found: checksums.Checksums = {}
    expected: Optional[checksums.Checksums] = None
    skipped: list[str] = []
    most = limits().files
    for number, member in enumerate(members_of(stream, archive), start=1):
        if number > most:
            raise ConfigurationError(f"{archive}: more than {most} members, with {stream.member}. {FILES} allows more.")
        path = path_in(member.name, archive, stream.member)
        if is_of_macos(path) and not member.is_folder and path not in (expected or ()):
            skipped.append(shown(path))
            continue
        is_wanted = wanted is None or path.split("/")[0] in {CONFIG, *wanted}
        if member.is_folder:
            if is_wanted:
                _make(folder / path, archive, stream.member)
        elif not path or path in found or (path == CHECKSUMS and expected is not None):
            raise _twice(archive, stream.member)
        elif member.size > most_bytes(path):
            raise ConfigurationError(f"{archive}: {stream.member} has more than {most_bytes(path) / 1e6:g} MB.")
        elif path == CHECKSUMS:
            expected = checksums.checksums_in(b"".join(member.pieces()), archive)
        else:
            found[path] = _written(member, folder / path if is_wanted else None, archive)
            if expected is not None:  # at once, because it is the member's own name that is wanted
                checksums.check_member(path, found[path], expected, archive)
    if skipped:
        more = f" and {len(skipped) - 1} more" if len(skipped) > 1 else ""
        logger.info("%s: what macOS packs by itself is left out: %s%s.", archive, skipped[0], more)
    return found, expected


def _written(member: Member, target: Optional[Path], archive: str) -> str:
    """The checksum of a member, written."""
    if target is None:
        return checksums.digest_of(member)
    _make(target.parent, archive, member.stream.member)
    try:
        with open(target, "xb") as file:
            return checksums.digest_of(member, file)
    except FileExistsError as error:
        raise _twice(archive, member.stream.member) from error


def _make(folder: Path, archive: str, what: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise _twice(archive, what) from error


def _twice(archive: str, what: str) -> ConfigurationError:
    return ConfigurationError(f"{archive}: {what} is there twice, or as a file and as a folder.")


def _check_weights(weights: Path, archive: str) -> None:
    # torch puts a checksum into each part of a file, and does not look at it.
    if weights.exists():
        with open(weights, "rb") as file:
            is_zip = file.read(4) == b"PK\3\4"
        if is_zip and (problem := damage(str(weights))):
            raise checksums.damaged(archive, f'its member "{WEIGHTS}"', problem)
    logger.info("%s has no checksums: it was not written by this version.", archive)
