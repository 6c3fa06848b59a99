"""A manifest as bytes: a line of JSON that a person can read, and the fingerprints."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Optional

import numpy as np
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.provenance.fingerprint_set import pack, packed_size, unpack
from xlamaml_allennlp.provenance.manifest import Manifest, Read, Stage

FORMAT = 1
SETS = ("texts", "groups")
# What the line of JSON tells of a `Read`, and of which type.
TOLD: Mapping[str, Any] = {
    "use": str,
    "language": str,
    "source": str,
    "examples": int,
    "sha256": Optional[str],
    "split": Optional[str],
    "kind": Optional[str],
    "namespace": Optional[str],
    "grouped": int,
}


def to_bytes(manifest: Manifest) -> bytes:
    """A line of JSON that says everything in words, and after it the fingerprints, set by set in the same order."""
    stages = [{"name": stage.name, "read": _described(stage.read)} for stage in manifest.stages]
    line = json.dumps({"format": FORMAT, "stages": stages}, sort_keys=True)
    sets = [pack(getattr(read, key)) for stage in manifest.stages for read in stage.read or () for key in SETS]
    return b"".join([line.encode(), b"\n", *sets])


def from_bytes(content: bytes, where: str) -> Manifest:
    """
    # Parameters

    content : `bytes`
        What `to_bytes` gave.
    where : `str`
        The archive, for errors.

    # Raises

    `ConfigurationError`
        If it is something else, or of a format that this version does not know.
    """
    try:
        line, _, sets = content.partition(b"\n")
        told = json.loads(line)
        if told["format"] != FORMAT:
            raise ConfigurationError(
                f"{where}: its data-use manifest has the format {told['format']!r:.40}, and this version of "
                f"xlamaml_allennlp reads {FORMAT}. Install the version that wrote the archive."
            )
        left = _Sets(sets)
        stages = tuple(Stage(_typed(stage["name"], str), _read(stage["read"], left)) for stage in told["stages"])
        left.check_end()
        return Manifest(stages)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ConfigurationError(
            f"{where}: its data-use manifest is damaged ({type(error).__name__}: {error!s:.200}). Get or make the "
            "archive again."
        ) from error


def _described(reads: Optional[tuple[Read, ...]]) -> Optional[list[dict[str, Any]]]:
    if reads is None:
        return None
    return [
        {
            **{key: getattr(read, key) for key in TOLD},
            "other_languages": list(read.other_languages),
            **{key: len(getattr(read, key)) for key in SETS},
        }
        for read in reads
    ]


def _read(described: Optional[Iterable[Mapping[str, Any]]], sets: "_Sets") -> Optional[tuple[Read, ...]]:
    if described is None:
        return None
    return tuple(
        Read(
            **{key: _typed(one[key], expected) for key, expected in TOLD.items()},
            other_languages=tuple(_typed(language, str) for language in one["other_languages"]),
            texts=sets.take(_typed(one["texts"], int)),
            groups=sets.take(_typed(one["groups"], int)),
        )
        for one in described
    )


def _typed(value: Any, expected: Any) -> Any:
    if not isinstance(value, expected) or isinstance(value, bool):
        raise ValueError(f"{value!r:.40} is no {expected}")
    return value


class _Sets:
    """What is left of the packed fingerprints."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    def take(self, count: int) -> np.ndarray:
        # Compared before anything of that size is made.
        left = len(self._content) - self._at
        if count < 0 or (size := packed_size(count)) > left:
            raise ValueError(f"{count} fingerprints are not in {left} bytes")
        self._at += size
        return unpack(self._content[self._at - size : self._at], count)

    def check_end(self) -> None:
        if self._at != len(self._content):
            raise ValueError(f"{len(self._content) - self._at} bytes more than it tells of")
