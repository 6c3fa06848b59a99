"""A file in an archive, read in place."""

import io
import posixpath
import tarfile
import zipfile
from collections.abc import Collection, Mapping
from typing import BinaryIO, Optional, cast

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.bounded import Bounded
from xlamaml_allennlp.files.kinds import HEAD, ZIP, is_tar
from xlamaml_allennlp.files.packing import packing_of

# As many as a path may pass on Linux.
MOST_LINKS = 40


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
        If it is no archive of zip or tar (packed by gzip, bzip2, xz or not), is broken, or has no such file.
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


def normal(name: str) -> str:
    """A name in an archive without what means nothing: `./`, `//`, a slash at its end."""
    return "/".join(part for part in name.split("/") if part not in ("", "."))


def follow(name: str, links: Mapping[str, str], path: str) -> str:
    """
    The file that a name stands for where it, or a folder in it, is a link.

    # Parameters

    name : `str`
        The name.
    links : `Mapping[str, str]`
        Links of the archive, and where they lead, from its top.
    path : `str`
        The whole name, for errors.

    # Raises

    `ConfigurationError`
        If a link leads outside of the archive, or in a circle.
    """
    for _ in range(MOST_LINKS):
        parts = name.split("/")
        heads = ["/".join(parts[:number]) for number in range(1, len(parts) + 1)]
        head = next((head for head in heads if head in links), None)
        if head is None:
            return name
        leads = posixpath.normpath(links[head])
        if leads.startswith(("/", "..")):
            raise ConfigurationError(
                f"{path}: {head} is a link that leads outside of the archive. Name the file itself."
            )
        name = normal(leads + name[len(head) :])
    raise ConfigurationError(f"{path}: links in a circle. Name the file itself.")


def _of_zip(path: str, local: str, member: str) -> Bounded:
    with zipfile.ZipFile(local) as archive:
        infos = {normal(info.filename): info for info in archive.infolist() if not info.is_dir()}
        info = infos.get(normal(member))
        if info is None or member.endswith("/"):
            raise _missing(path, local, member, [*infos])
        # It stays open when the archive is closed.
        return Bounded(archive.open(info), path, packed=info.compress_size)


def _of_tar(path: str, local: str, member: str) -> Bounded:
    # One after the other, never back: so a stream that is bounded is enough. Only a link is looked for once more.
    found, names, links = _search(path, local, member)
    target = follow(normal(member), links, path) if found is None else None
    if target not in (None, normal(member)):
        found, names, _ = _search(path, local, str(target))
    if found is None:
        raise _missing(path, local, member, names)
    return found


def _search(path: str, local: str, member: str) -> tuple[Optional[Bounded], list[str], dict[str, str]]:
    """The file, if it is there, and what was seen until then: names, and links with the paths that they stand for."""
    stream = _unpacked(path, local, member)
    archive = tarfile.open(fileobj=io.BufferedReader(stream), mode="r|")  # noqa: SIM115  the member is read from it
    names: list[str] = []
    links: dict[str, str] = {}
    for info in archive:
        name = normal(info.name)
        if name == normal(member) and info.isfile() and not member.endswith("/"):
            return Bounded(cast(io.BufferedReader, archive.extractfile(info)), path, packed=stream), names, links
        if info.issym() or info.islnk():
            links[name] = info.linkname if info.islnk() else posixpath.join(posixpath.dirname(name), info.linkname)
        else:
            names += [name] if info.isfile() else []
    stream.close()
    return None, names, links


def _unpacked(path: str, local: str, member: str) -> Bounded:
    stream = Bounded(open(local, "rb", buffering=0), path)  # noqa: SIM115  closed with the member
    packing = packing_of(stream.head(HEAD))
    if packing is not None:
        packed = stream
        stream = Bounded(packing.unpack(cast(BinaryIO, io.BufferedReader(packed))), path, packed=packed)
    if not is_tar(stream.head(HEAD)):
        stream.close()
        raise ConfigurationError(f"{path}: {local} is no archive of zip or tar. Name the file without !{member}.")
    return stream


def _missing(path: str, local: str, member: str, names: Collection[str]) -> ConfigurationError:
    folder = normal(member) + "/"
    inside = [name for name in names if name.startswith(folder)]
    if inside:
        return ConfigurationError(f"{path}: a folder, with {_some(inside)}. Name a file in it.")
    return ConfigurationError(
        f"{path}: no such file ('{member}' not found within {local}; there are {_some([*names])}). Check the name."
    )


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(names[:8]) + more or "no files"
