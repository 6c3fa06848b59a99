"""What a data path holds, by content."""

import hashlib
import os
from typing import Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.digest import sha256_unpacked
from xlamaml_allennlp.files.opening import BROKEN
from xlamaml_allennlp.languages.hub import is_dataset, loaded


def sha256_of_content(path: str, limit: int) -> Optional[str]:
    """
    The SHA-256 of what a file holds, unpacked, or of the files of a data set.

    # Parameters

    path : `str`
        A data path, as readers take it.
    limit : `int`
        The most bytes of the file, unpacked.

    # Returns

    `Optional[str]`
        `None` for what cannot be read twice, such as a pipe, and what cannot be read: whoever reads it says why.
    """
    try:
        if is_dataset(path):
            return _of_dataset(path)
        if os.path.exists(path) and not os.path.isfile(path):
            return None
        return sha256_unpacked(path, limit)
    except (ConfigurationError, *BROKEN):
        return None


def _of_dataset(path: str) -> Optional[str]:
    dataset = loaded(path)
    files = sorted({file["filename"] for file in dataset.cache_files})
    if not files:  # in memory only
        return None
    # Which of their rows, in which order, and what they are called.
    found = hashlib.sha256(f"{dataset._fingerprint} {dataset.split} {dataset.features}".encode())
    for name in files:
        with open(name, "rb") as file:
            found.update(hashlib.file_digest(file, "sha256").digest())
    return found.hexdigest()
