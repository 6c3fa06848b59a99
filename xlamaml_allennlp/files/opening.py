"""Files of data, wherever they are and however they are packed."""

import io
import os
import re
import stat
import tarfile
import zipfile
from typing import BinaryIO, Optional, cast

from allennlp.common.checks import ConfigurationError
from allennlp.common.file_utils import cached_path

from xlamaml_allennlp.files.archives import member_of
from xlamaml_allennlp.files.bounded import LIMIT, Bounded, too_large
from xlamaml_allennlp.files.kinds import HEAD, check_text
from xlamaml_allennlp.files.packing import BROKEN_PACKING, packing_named, packing_of

BOM = b"\xef\xbb\xbf"
# What reading a file that is broken where it is packed, a broken archive or a broken disk raises.
BROKEN = (*BROKEN_PACKING, OSError, zipfile.BadZipFile, tarfile.TarError, RuntimeError, NotImplementedError)
# The most bytes of a file that is held in memory as a whole.
WHOLE = 250_000_000
CHUNK = 1 << 16
# The most characters of a path; what is longer is data in the place of one, or a mapping that is broken.
LONGEST = 4096
# A local file, and the member of it that is meant, if it is an archive.
Place = tuple[str, Optional[str]]


def opened(path: str, limit: Optional[int] = LIMIT) -> BinaryIO:
    """
    A file's content, unpacked. It is read once, from its beginning to its end, so it may be a pipe.

    # Parameters

    path : `str`
        A local path, a URL, or `archive.zip!member` of either; packed with gzip, bzip2 or xz, or not.
    limit : `Optional[int]`, optional (default = `1_000_000_000`)
        The most bytes of it, unpacked; reading beyond is an error. `None` for whoever does not hold them all: any.

    # Raises

    `ConfigurationError`
        If the file is not there, or is no text: an archive of files, or packed otherwise.
    """
    return opened_at(path, located(path), limit)


def opened_at(path: str, place: Place, limit: Optional[int]) -> BinaryIO:
    """The same of what `located` has found; the path is what errors name."""
    local, member = place
    file = _file(path, local, limit) if member is None else member_of(path, local, member)
    try:
        return cast(BinaryIO, io.BufferedReader(_unpacked(path, file, limit), CHUNK))
    except BaseException:
        file.close()
        raise


def located(path: str) -> Place:
    """
    The local file that holds a path's content, downloaded where it is on the web, and the member of it, if it is an
    archive's. `path` and errors are as of `opened`.
    """
    if not path.strip():
        raise ConfigurationError("The data path is empty. Give a file, a URL, or {language: path}.")
    if len(path) > LONGEST:
        raise ConfigurationError(f"{path:.80}...: {len(path)} characters are no path. Give a file or a URL.")
    if os.path.exists(path):
        return path, None
    archive, is_member, member = path.partition("!")
    if is_member:
        return archive if os.path.isfile(archive) else _local(archive), member
    return _local(path), None


def name_of(path: str) -> str:
    """What a path ends in: a member of an archive without the archive, an address without its query."""
    return path.rpartition("!")[2].split("?")[0]


def file_name_of(path: str) -> str:
    """The same without folders."""
    return re.split(r"[/\\]", name_of(path))[-1]


def unpacked_name_of(path: str) -> str:
    """The name in small letters, without the ending that packing gives: what says of which kind the content is."""
    name = name_of(path).lower()
    packing = packing_named(name)
    return name.removesuffix(packing.ending) if packing else name


def read_text(path: str, limit: int = WHOLE) -> str:
    """
    The whole text of a UTF-8 file, without its byte-order mark. `path` is as of `opened`.

    # Parameters

    path : `str`
        A local path, a URL, or `archive.zip!member` of either; packed with gzip, bzip2 or xz, or not.
    limit : `int`, optional (default = `250_000_000`)
        The most bytes of it, unpacked.

    # Raises

    `ConfigurationError`
        If the file is not there, is larger, is broken, or is not UTF-8; with the line.
    """
    try:
        with opened(path, limit) as file:
            content = file.read()
        return content.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(
            f"{path}:{line}: not UTF-8 (byte {error.object[error.start]:#04x}). Convert the file to UTF-8."
        ) from error
    except BROKEN as error:
        raise broken(path, error) from error


def broken(path: str, error: Exception, until: str = "") -> ConfigurationError:
    """The error for a file that cannot be read to its end; `until` says how far."""
    # Programs that unpack say no number of an error of the system.
    packed = isinstance(error, BROKEN_PACKING) or (isinstance(error, OSError) and error.errno is None)
    kind = packing_named(name_of(path))
    what = f"a broken {kind.name if kind else 'gzip'} file" if packed else f"cannot be read ({type(error).__name__})"
    return ConfigurationError(f"{path}: {what}{until} ({error}). Get it again.")


def _file(path: str, local: str, limit: Optional[int]) -> Bounded:
    try:
        state = os.stat(local)
        if stat.S_ISDIR(state.st_mode):
            names = ", ".join(sorted(os.listdir(local))[:8]) or "nothing"
            raise ConfigurationError(f"{path}: a folder, with {names}. Name a file.")
        if not (stat.S_ISREG(state.st_mode) or stat.S_ISFIFO(state.st_mode)):
            raise ConfigurationError(f"{path}: a device, neither a file nor a pipe. Name a file.")
        if limit is not None and state.st_size > limit:
            raise too_large(path, limit)
        return Bounded(open(local, "rb", buffering=0), path)
    except OSError as error:
        raise broken(path, error) from error


def _unpacked(path: str, file: Bounded, limit: Optional[int]) -> Bounded:
    head = file.head(HEAD)
    packing = packing_of(head)
    if packing is None:
        check_text(path, head)
        return Bounded(file, path, limit)
    stream = packing.unpack(cast(BinaryIO, io.BufferedReader(file)))
    unpacked = Bounded(stream, path, limit, packed=file, may_burst=limit is None)
    check_text(path, unpacked.head(HEAD), packing)
    return unpacked


def _local(path: str) -> str:
    try:
        return str(cached_path(path))
    except FileNotFoundError as error:
        raise ConfigurationError(f"{path}: no such file ({error}). Check the path, or download the data.") from error
    except Exception as error:  # a dozen kinds: of the network, of URLs, of archives
        raise ConfigurationError(
            f"{path}: cannot be had ({type(error).__name__}: {error}). Check it, or download it and give its path."
        ) from error
