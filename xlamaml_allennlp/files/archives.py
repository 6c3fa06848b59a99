"""A file in an archive, read in place."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Collection
from typing import cast

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.bounded import Bounded
from xlamaml_allennlp.files.kinds import GZIP, HEAD, ZIP, is_tar


def member_of(path: str, local: str, member: str) -> Bounded:
    """
    A file in an archive, nothing of which is written to the disk.

    # Parameters

    path : `str`
        The whole name, `archive.zip!member`, for errors.
    local : `str`
        The archive.
    member : `str`
        The file in it.

    # Raises

    `ConfigurationError`
        If it is no archive of zip or tar (gzipped or not), is broken, or has no such file.
    """
    try:
        with open(local, "rb") as file:
            head = file.read(HEAD)
        return (_of_zip if ZIP.match(head) else _of_tar)(path, local, member)
    except ConfigurationError:
        raise
    except Exception as error:  # of zipfile, tarfile, zlib: broken in a dozen ways, or with a password
        raise ConfigurationError(
            f"{path}: {local} cannot be read as an archive ({type(error).__name__}: {error}). Get it again."
        ) from error


def _of_zip(path: str, local: str, member: str) -> Bounded:
    with zipfile.ZipFile(local) as archive:
        names = archive.namelist()
        if member not in names or member.endswith("/"):
            raise _missing(path, local, member, names)
        info = archive.getinfo(member)
        # It stays open when the archive is closed.
        return Bounded(archive.open(info), path, packed=info.compress_size)


def _of_tar(path: str, local: str, member: str) -> Bounded:
    # One after the other, never back: so a stream that is bounded is enough.
    stream = Bounded(open(local, "rb", buffering=0), path)  # noqa: SIM115  closed with the member
    if stream.head(HEAD).startswith(GZIP):
        packed = stream
        stream = Bounded(gzip.GzipFile(fileobj=io.BufferedReader(packed)), path, packed=packed)
    if not is_tar(stream.head(HEAD)):
        stream.close()
        raise ConfigurationError(f"{path}: {local} is no archive of zip or tar. Name the file without !{member}.")
    archive = tarfile.open(fileobj=io.BufferedReader(stream), mode="r|")  # noqa: SIM115  the member is read from it
    names: list[str] = []
    for info in archive:
        names.append(info.name + "/" * info.isdir())
        if info.name == member and info.isfile():
            return Bounded(cast(io.BufferedReader, archive.extractfile(info)), path, packed=stream)
    stream.close()
    raise _missing(path, local, member, names)


def _missing(path: str, local: str, member: str, names: Collection[str]) -> ConfigurationError:
    folder = member.rstrip("/") + "/"
    inside = [name for name in names if name.startswith(folder) and not name.endswith("/")]
    if inside or folder in names:
        return ConfigurationError(f"{path}: a folder, with {_some(inside)}. Name a file in it.")
    files = [name for name in names if not name.endswith("/")]
    return ConfigurationError(
        f"{path}: no such file ('{member}' not found within {local}; there are {_some(files)}). Check the name."
    )


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(names[:8]) + more or "no files"
