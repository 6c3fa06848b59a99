"""The examples of a data loader, as a manifest knows them."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, Optional

import torch
from allennlp.common.checks import ConfigurationError
from allennlp.common.util import is_distributed
from allennlp.data import Instance

from xlamaml_allennlp.languages.sources import sources
from xlamaml_allennlp.provenance.fingerprint import group_fingerprint, kind_of, text_fingerprint
from xlamaml_allennlp.provenance.fingerprint_file import namespace_of, sha256_of, split_of
from xlamaml_allennlp.provenance.fingerprint_set import distinct
from xlamaml_allennlp.provenance.manifest import Read

# BCP 47 for a language that nobody knows.
UNDETERMINED = "und"


class Remembered:
    """
    The examples of one language.

    # Parameters

    language : `str`
        The language.
    source : `str`
        The file that they are from.
    sha256 : `Optional[str]`
        Of what it holds.
    kind : `Optional[str]`
        "pair" or "question"; `None` if their texts are not known.
    """

    def __init__(self, language: str, source: str, sha256: Optional[str], kind: Optional[str]) -> None:
        self.language, self.source, self.sha256, self.kind = language, source, sha256, kind
        self.other_languages: set[str] = set()
        # What examples are told apart by, and the fingerprints of their texts and of their groups.
        self.fingerprints: dict[Any, tuple[Optional[int], Optional[int]]] = {}
        self._within = None if kind is None else namespace_of(source, kind, sha256)

    def add(self, tags: Mapping[str, Any]) -> None:
        """Remembers an example by its metadata."""
        id, asked = tags["id"], tags.get("question_language")
        if (id, asked) in self.fingerprints:
            return  # another window of a question
        if asked is not None and asked != self.language:
            self.other_languages.add(asked)
        try:
            text = None if self.kind is None else text_fingerprint(self.kind, tags)
        except KeyError:  # an example that is unlike the first
            text = None
        self.fingerprints[id, asked] = text, group_fingerprint(id, self._within)

    def add_all(self, others: "Remembered") -> None:
        """Remembers the examples of another worker as well."""
        self.fingerprints.update(others.fingerprints)
        self.other_languages.update(others.other_languages)

    @property
    def texts(self) -> list[Optional[int]]:
        """A fingerprint of the texts of each example; `None` where they are not known."""
        return [text for text, _ in self.fingerprints.values()]

    @property
    def groups(self) -> list[Optional[int]]:
        """A fingerprint that each example shares with its translations; `None` where nothing tells them."""
        return [group for _, group in self.fingerprints.values()]

    @property
    def namespace(self) -> Optional[str]:
        """Within what the groups are told apart: "id" for ids that are nobody else's. `None` if there are no groups."""
        return None if all(group is None for group in self.groups) else self._within or "id"

    def as_read(self, use: str) -> Read:
        """What a manifest tells of them."""
        groups = [group for group in self.groups if group is not None]
        return Read(
            use=use,
            language=self.language,
            source=self.source,
            examples=len(self.fingerprints),
            sha256=self.sha256,
            split=split_of(self.source),
            other_languages=tuple(sorted(self.other_languages)),
            kind=self.kind,
            namespace=self.namespace,
            grouped=len(groups),
            texts=distinct([text for text in self.texts if text is not None]),
            groups=distinct(groups),
        )


def remember(instances: Iterable[Instance], data_path: Any) -> dict[str, Remembered]:
    """
    The examples behind some instances, by language. All windows of a question are one example. Instances that do not
    tell their language are of the language "und", which is none.

    # Parameters

    instances : `Iterable[Instance]`
        The instances.
    data_path : `Any`
        What they were read from: a path, or {language: path}.
    """
    file_of, sha256 = _files(data_path), lru_cache(sha256_of)
    found: dict[str, Remembered] = {}
    for number, instance in enumerate(instances):
        tags = getattr(instance.fields.get("metadata"), "metadata", None)
        if not isinstance(tags, dict) or "language" not in tags or "id" not in tags:
            tags = {"language": UNDETERMINED, "id": f"row {number}"}
        language = tags["language"]
        if (examples := found.get(language)) is None:
            file = file_of(language)
            examples = found[language] = Remembered(language, file, sha256(file), kind_of(tags))
        examples.add(tags)
    return found


def of_all_workers(found: dict[str, Remembered]) -> dict[str, Remembered]:
    """
    The examples of all distributed workers, each of which has read a share or everything: one exchange, for which all
    of them wait. Without workers, what was given.
    """
    if not is_distributed():
        return found
    of_workers: list[dict[str, Remembered]] = [{} for _ in range(torch.distributed.get_world_size())]
    torch.distributed.all_gather_object(of_workers, found)
    together: dict[str, Remembered] = {}
    for of_worker in of_workers:
        for language, examples in of_worker.items():
            together.setdefault(language, examples).add_all(examples)
    return together


def _files(data_path: Any) -> Callable[[str], str]:
    """Which file the examples of a language are from."""
    try:
        files = sources(data_path)
    except ConfigurationError:  # what the path of another reader means, only that reader knows
        return lambda language: str(data_path)
    return lambda language: next((file.path for file in files if file.wants(language)), files[0].path)
