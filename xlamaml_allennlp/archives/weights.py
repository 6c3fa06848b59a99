"""The weights of an archive, which are read once before anything is built for them."""

import os
import pickle
import struct
import zipfile
from pathlib import Path
from typing import Any

import torch
from allennlp.common.checks import ConfigurationError

ZIP = b"PK\3\4"
# What torch's readers raise on nonsense.
NONSENSE = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError,
    TypeError, ValueError, pickle.UnpicklingError, struct.error, zipfile.BadZipFile,
)  # fmt: skip


def read_weights(path: str | Path, archive: str, name: str = "weights.th") -> dict[str, torch.Tensor]:
    """
    The weights in a file, by parameter name; they are in the file, until they are used.

    # Parameters

    path : `str`
        The file, which may be deleted.
    archive, name : `str`
        What it is a member of, and which, for errors.

    # Raises

    `ConfigurationError`
        If the file does not hold weights, or one is not a number.
    """
    place = f'{archive}: its member "{name}"' if archive else name
    try:
        with open(path, "rb") as file:
            is_zip = file.read(len(ZIP)) == ZIP
        if is_zip:
            _check_is_stored(path)
        # As a map of memory nothing is read yet. Files from before torch 1.6 are no zip and cannot be.
        found = torch.load(path, map_location="cpu", weights_only=True, mmap=is_zip)
    except NONSENSE as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ConfigurationError(f"{place} cannot be read as weights ({reason}). Get it again.") from error
    if not isinstance(found, dict):
        raise ConfigurationError(f"{place} holds a {type(found).__name__} and no weights by name. Get it again.")
    _check_numbers(found, os.path.getsize(path), place)
    return found


def _check_is_stored(path: str | Path) -> None:
    """torch packs nothing; a part that is packed may be larger than any memory."""
    with zipfile.ZipFile(path) as parts:
        packed = next((part for part in parts.infolist() if part.compress_type != zipfile.ZIP_STORED), None)
    if packed is not None:
        raise ValueError(f"its part {packed.filename[:80]} is packed, which torch does not do")


def _check_numbers(found: dict[str, Any], size: int, place: str) -> None:
    seen: set[int] = set()
    for name, weight in found.items():
        if not isinstance(weight, torch.Tensor) or weight.layout is not torch.strided or not weight.numel():
            continue
        storage = weight.untyped_storage()
        if storage.data_ptr() not in seen:  # one that many weights share is looked at once
            seen.add(storage.data_ptr())
            size -= storage.nbytes()
        if weight.numel() * weight.element_size() > storage.nbytes() or size < 0:
            raise ConfigurationError(f'{place} has fewer numbers than its "{name}" {tuple(weight.shape)} needs.')
        # The largest is NaN if one of them is. Minus infinity is the score of what is not possible.
        if weight.is_floating_point() and not weight.max() < float("inf"):
            raise ConfigurationError(
                f'{place} holds NaN or infinity in "{name}", as after a training that diverged. Use the weights of an '
                "earlier checkpoint (--weights-file), or train with a smaller rate."
            )
