"""The data-use manifest: what the stages behind an archive have read, and for what."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Optional

import numpy as np

from xlamaml_allennlp.provenance.fingerprint_set import distinct


@dataclass(frozen=True, eq=False)
class Read:
    """
    The examples of one language that a stage took from one file for one use.

    # Parameters

    use : `str`
        "train", "select" (validation, which chooses the best epoch), or "test".
    language : `str`
        Their language.
    source : `str`
        The file, as the config names it.
    examples : `int`
        How many there are.
    sha256 : `Optional[str]`, optional (default = `None`)
        Of what the file holds, unpacked.
    split : `Optional[str]`, optional (default = `None`)
        "train", "dev" or "test", if the file's name tells.
    other_languages : `Tuple[str, ...]`, optional (default = `()`)
        Further languages in them: those of questions about contexts of `language`.
    kind : `Optional[str]`, optional (default = `None`)
        "pair" or "question"; `None` if their texts are not known, so that there are no fingerprints.
    namespace : `Optional[str]`, optional (default = `None`)
        Within what their ids are theirs and their translations' (`fingerprint_file.namespace_of`); "id" for ids that
        are nobody else's.
    grouped : `int`, optional (default = `0`)
        How many of them have a group fingerprint.
    texts : `np.ndarray`, optional (default = none)
        Their text fingerprints, ascending.
    groups : `np.ndarray`, optional (default = none)
        Their group fingerprints, ascending.
    """

    use: str
    language: str
    source: str
    examples: int
    sha256: Optional[str] = None
    split: Optional[str] = None
    other_languages: tuple[str, ...] = ()
    kind: Optional[str] = None
    namespace: Optional[str] = None
    grouped: int = 0
    texts: np.ndarray = field(default_factory=lambda: distinct([]))
    groups: np.ndarray = field(default_factory=lambda: distinct([]))

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language in them."""
        return (self.language, *self.other_languages)


@dataclass(frozen=True)
class Stage:
    """
    A stage of training.

    # Parameters

    name : `str`
        The name of its run's folder, or the archive's where nothing else is known.
    read : `Optional[Tuple[Read, ...]]`
        What it read; `None` if that is not known, for its archive has no manifest.
    """

    name: str
    read: Optional[tuple[Read, ...]]


@dataclass(frozen=True)
class Manifest:
    """
    What the stages behind an archive have read.

    # Parameters

    stages : `Tuple[Stage, ...]`
        The first stage first, the one that wrote the archive last.
    """

    stages: tuple[Stage, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether it is known of every stage what it read."""
        return all(stage.read is not None for stage in self.stages)

    def read(self, *uses: str) -> Iterator[tuple[Stage, Read]]:
        """All that was read for some uses, with the stages."""
        return ((stage, read) for stage in self.stages for read in stage.read or () if read.use in uses)

    def united(self, other: "Manifest") -> "Manifest":
        """
        This manifest with the stages of another; what both tell is told once. A run that was killed, and recovered on
        data that had changed meanwhile, has read both.
        """
        found: dict[tuple[str, bool], Stage] = {}
        for stage in (*self.stages, *other.stages):
            key = stage.name, stage.read is None
            before = found.get(key, stage).read
            found[key] = replace(stage, read=None if stage.read is None else union((*(before or ()), *stage.read)))
        return Manifest(tuple(found.values()))


def union(reads: Iterable[Read]) -> tuple[Read, ...]:
    """Each file, language and use once, in order, with the fingerprints of all that tell of it."""
    found: dict[tuple[Any, ...], Read] = {}
    for read in reads:
        key = (read.use, read.source, read.language, read.sha256 or "", read.kind or "", read.namespace or "")
        if key not in found:
            found[key] = read
            continue
        before = found[key]
        found[key] = replace(
            before,
            examples=max(before.examples, read.examples),
            grouped=max(before.grouped, read.grouped),
            other_languages=tuple(sorted({*before.other_languages, *read.other_languages})),
            texts=distinct(np.concatenate([before.texts, read.texts])),
            groups=distinct(np.concatenate([before.groups, read.groups])),
        )
    return tuple(found[key] for key in sorted(found))
