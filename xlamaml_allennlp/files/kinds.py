"""What a file is by its first bytes, where it is no text."""

import re
from typing import Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.packing import Packing, packing_named, packing_of

# How many bytes tell it.
HEAD = 512
GZIP = b"\x1f\x8b"
ZIP = re.compile(rb"PK(\x03\x04|\x05\x06)")
UNPACK = "Unpack it, or pack it with gzip or zip"
DATASETS = "Give its folder as datasets:FOLDER, or write it as JSON lines"
UTF8 = "Convert it to UTF-8: iconv -f UTF-16 -t UTF-8"
OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (rb"\x28\xb5\x2f\xfd", "a Zstandard file", UNPACK),
    (rb"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (rb"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (rb"PAR1\x15", "a Parquet file", DATASETS),
    (rb"ARROW1\x00\x00", "an Arrow file", DATASETS),
    (rb"\xff\xfe|\xfe\xff", "UTF-16", UTF8),
    (rb"%PDF-\d", "a PDF file", "Give the texts in it as a table"),
)


def is_tar(head: bytes) -> bool:
    """Whether a file that begins so is an archive of tar."""
    return head[257:262] == b"ustar"


def check_text(path: str, head: bytes, packing: Optional[Packing] = None) -> None:
    """
    # Parameters

    path : `str`
        The file, for errors.
    head : `bytes`
        How it begins, unpacked.
    packing : `Optional[Packing]`, optional (default = `None`)
        How it was packed, if it was.

    # Raises

    `ConfigurationError`
        If a file that begins so is of a kind that is no text, with what to do about it.
    """
    if packing is not None and packing.name != "gzip" and is_tar(head):
        raise ConfigurationError(f"{path}: an archive of tar, packed with {packing.name}. {UNPACK}.")
    if ZIP.match(head) or is_tar(head) or path.endswith((".tar.gz", ".tgz", ".tar")):
        raise ConfigurationError(f"{path}: an archive. Name the file in it: {path}!folder/file")
    found: Optional[tuple[str, str]] = next(
        ((kind, way_out) for magic, kind, way_out in OTHERS if re.match(magic, head)), None
    )
    if packing is not None and packing_of(head):
        found = "packed twice", "Unpack it once"
    if found:
        raise ConfigurationError(f"{path}: {found[0]}, not text. {found[1]}.")
    if packing is None and (promised := packing_named(path)):
        raise ConfigurationError(
            f"{path}: not packed with {promised.name}, though its name ends in {promised.ending}. Rename it, or get it "
            "again."
        )
