"""The names that members of an archive have."""

import fnmatch
import math
import os
import posixpath
from collections.abc import Collection
from typing import Any

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.archives.settings import TRUSTING

CONFIG = "config.json"
WEIGHTS = "weights.th"
# Ours, beside what AllenNLP itself writes.
CHECKSUMS = "checksums.json"
KNOWN = {
    CONFIG, WEIGHTS, CHECKSUMS, "meta.json", "vocabulary",
    "encoder",  # of this package, by `include_in_archive`
    "fta", "files_to_archive.json",  # of AllenNLP before 1.0
    "README.md", "requirements.txt", "model_card.json", "metrics.json", "log",  # which people add
}  # fmt: skip
# The most bytes of a path, and of a name in it: below what file systems take (CVE-2025-4517 is about longer ones).
LONGEST_PATH = 1000
LONGEST_NAME = 255
# The most bytes of a file that is read into memory as a whole: of a configuration, and of a vocabulary or a tokenizer,
# of which one with a million pieces has 80 MB.
SETTINGS, PIECES = 10_000_000, 300_000_000
TOKENIZERS = {"tokenizer.json", "vocab.json"}


def shown(name: str) -> str:
    """A member's name as a terminal may show it: a stranger's may hold what it would obey."""
    return name[:80].encode("unicode_escape").decode() + ("..." if len(name) > 80 else "")


def path_in(name: str, archive: str, what: str) -> str:
    """
    Where a member belongs: its name without what means nothing (`./`, `//`), empty for the archive's folder itself.

    # Parameters

    name : `str`
        The name, as a stranger wrote it.
    archive, what : `str`
        Name of the archive, and of the member, for errors.

    # Raises

    `ConfigurationError`
        If it belongs outside, or cannot be a name.
    """
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts:
        raise ConfigurationError(f"{archive}: {what} would be written outside of the archive's folder.")
    path = "/".join(parts)
    if "\0" in path or len(os.fsencode(path)) > LONGEST_PATH or any(len(os.fsencode(p)) > LONGEST_NAME for p in parts):
        raise ConfigurationError(f"{archive}: {what} has a name that no file has ({len(path)} characters).")
    return path


def is_of_macos(path: str) -> bool:
    """Whether a member is what macOS packs beside somebody's files: how a window looks, and attributes of a file."""
    name = path.split("/")[-1]
    return name == ".DS_Store" or name.startswith("._")


def most_bytes(path: str) -> float:
    """The most bytes that a member may have by its name."""
    top, name = path.split("/")[0], path.split("/")[-1]
    if top not in ("encoder", "vocabulary", CONFIG, CHECKSUMS, "meta.json"):
        return math.inf
    if name.endswith(".json") and name not in TOKENIZERS:
        return SETTINGS
    return PIECES if name.endswith((".json", ".txt", ".model")) else math.inf


def check_known(names: Collection[str], config: Any, archive: str) -> None:
    """
    # Raises

    `ConfigurationError`
        If a member is none that AllenNLP writes, nor one that the config names in `include_in_archive`.
    """
    included = config.get("include_in_archive") if isinstance(config, dict) else None
    texts = [each for each in included if isinstance(each, str)] if isinstance(included, list) else []
    patterns = [posixpath.normpath(text).strip("/") for text in texts]  # as tar takes ./notes.txt and logs//a.txt
    for name in sorted(names):
        parts = name.split("/")
        leading = ["/".join(parts[: number + 1]) for number in range(len(parts))]
        if parts[0] in KNOWN or any(fnmatch.fnmatchcase(each, pattern) for each in leading for pattern in patterns):
            continue
        raise ConfigurationError(
            f'{archive}: its member "{shown(name)}" is none that an archive has, nor does {CONFIG} name it in '
            f"include_in_archive. If it is yours, {TRUSTING}."
        )
