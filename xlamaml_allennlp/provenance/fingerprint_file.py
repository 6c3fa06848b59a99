"""What a file of data is, by its content and by its name."""

import logging
import os
import re
import stat
import sys
from typing import Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.digest import sha256_unpacked
from xlamaml_allennlp.files.opening import BROKEN, name_of
from xlamaml_allennlp.languages.hub import is_dataset, parsed

logger = logging.getLogger(__name__)

# Names of splits, and what each of them is called here.
SPLITS = {"train": "train", "dev": "dev", "valid": "dev", "validation": "dev", "val": "dev", "test": "test"}
# Data sets whose pairs have ids that are unique within a split and that translations share, by what names of files say.
DATASETS = {"xnli": "xnli", "multinli": "mnli", "mnli": "mnli"}


def sha256_of(path: str) -> Optional[str]:
    """
    The SHA-256 of what a file holds, unpacked: the same whether it lies in a folder, gzipped, or in an archive.

    # Returns

    `Optional[str]`
        `None` for a data set of `datasets`, and for what cannot be read twice, such as a pipe; the log says so.
    """
    try:
        if is_dataset(path) or (os.path.exists(path) and not stat.S_ISREG(os.stat(path).st_mode)):
            return None
        # The reader has read it, within the reader's own limit.
        return sha256_unpacked(path, limit=sys.maxsize)
    except (ConfigurationError, *BROKEN) as error:
        logger.warning("%s: no SHA-256 goes into the manifest (%s).", path, error)
        return None


def split_of(path: str) -> Optional[str]:
    """The split that a file's name tells, "train", "dev" or "test"; `None` if it tells none, or two."""
    named = re.split(r"\W", parsed(path).split or "")[:1] if is_dataset(path) else _parts(path)
    found = {SPLITS[part] for part in named if part in SPLITS}
    return found.pop() if len(found) == 1 else None


def namespace_of(path: str, kind: str, sha256: Optional[str]) -> Optional[str]:
    """
    Within what a pair's id stands for it and its translations: a split of a data set that the file's name tells
    ("xnli/dev"), else the file itself. Ids of XNLI begin anew in each split, so that they mean nothing without.

    # Parameters

    path : `str`
        The file.
    kind : `str`
        What it holds. Of questions nothing is told: a file has one language, and ids that are no more than a number
        mean nothing in another.
    sha256 : `Optional[str]`
        Its SHA-256, if that is known.
    """
    if kind != "pair":
        return None
    split = split_of(path)
    named = {DATASETS[part] for part in _parts(path) if part in DATASETS}
    if split is not None and len(named) == 1:
        return f"{named.pop()}/{split}"
    return sha256 and f"file/{sha256}"


def _parts(path: str) -> list[str]:
    return re.split(r"[._\-]+", re.split(r"[/\\]", name_of(path))[-1].lower())
