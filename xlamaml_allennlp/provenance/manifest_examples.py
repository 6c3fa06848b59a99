"""The examples of a data loader, as a manifest knows them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError
from allennlp.data import Instance

from xlamaml_allennlp.gathering import gather
from xlamaml_allennlp.languages.sources import list_sources
from xlamaml_allennlp.provenance.fingerprint import TEXTS, group_fingerprints, kind_of, text_fingerprints
from xlamaml_allennlp.provenance.fingerprint_file import namespace_of, sha256_of, split_of
from xlamaml_allennlp.provenance.fingerprint_set import distinct, numbers
from xlamaml_allennlp.provenance.manifest import Read

# BCP 47 for a language that nobody knows.
UNDETERMINED = "und"
# Examples that are hashed at once.
BATCH = 1024


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
        # What examples are told apart by, with their numbers; the metadata of those that are not hashed yet; and the
        # hashes. Lists side by side: tuples would have Python look for garbage among all the instances.
        self._known: dict[Any, int] = {}
        self._waiting: list[Mapping[str, Any]] = []
        self._texts: list[Optional[bytes]] = []
        self._groups: list[Optional[bytes]] = []
        self._within = None if kind is None else namespace_of(source, kind, sha256)

    def add(self, tags: Mapping[str, Any]) -> None:
        """Remembers an example by its metadata."""
        self._waiting.append(tags)
        if len(self._waiting) == BATCH:
            self._hash()

    def add_all(self, others: "Remembered") -> None:
        """Remembers the examples of another worker as well."""
        texts, groups = others.texts, others.groups
        self._hash()
        self.other_languages.update(others.other_languages)
        self.kind = self.kind if others.kind == self.kind else None
        for key, number in others._known.items():
            if key not in self._known:
                self._known[key] = len(self._known)
                self._texts.append(texts[number])
                self._groups.append(groups[number])

    def __len__(self) -> int:
        self._hash()
        return len(self._known)

    @property
    def texts(self) -> list[Optional[bytes]]:
        """A fingerprint of the texts of each example; `None` where they are not known."""
        self._hash()
        return [None] * len(self) if self.kind is None else self._texts

    @property
    def groups(self) -> list[Optional[bytes]]:
        """A fingerprint that each example shares with its translations; `None` where nothing tells them."""
        self._hash()
        return self._groups

    @property
    def namespace(self) -> Optional[str]:
        """Within what the groups are told apart: "id" for ids that are nobody else's. `None` if there are no groups."""
        return None if all(group is None for group in self.groups) else self._within or "id"

    def _hash(self) -> None:
        known, fresh = self._known, []
        for tags in self._waiting:
            key = self._asked(tags) if "question_language" in tags else tags["id"]
            if key not in known:  # else another window of a question
                known[key] = len(known)
                fresh.append(tags)
        self._waiting = []
        self._groups += _groups(tuple([tags["id"] for tags in fresh]), self._within)
        self._texts += self._hashed_texts(fresh)

    def _asked(self, tags: Mapping[str, Any]) -> Any:
        """What tells a question apart: it may be asked about one context in several languages."""
        if (language := tags["question_language"]) is None:
            return tags["id"]
        if language != self.language:
            self.other_languages.add(language)
        return tags["id"], language

    def _hashed_texts(self, fresh: Sequence[Mapping[str, Any]]) -> Sequence[Optional[bytes]]:
        if self.kind is not None:
            first, second = TEXTS[self.kind]
            try:
                return text_fingerprints(self.kind, [t[first] for t in fresh], [t[second] for t in fresh])
            except KeyError:
                self.kind = None  # unlike the others: then their texts are not known, all in all
        return [None] * len(fresh)

    def as_read(self, use: str) -> Read:
        """What a manifest tells of them."""
        groups = [group for group in self.groups if group is not None]
        return Read(
            use=use,
            language=self.language,
            source=self.source,
            examples=len(self),
            sha256=self.sha256,
            split=split_of(self.source),
            other_languages=tuple(sorted(self.other_languages)),
            kind=self.kind,
            namespace=self.namespace,
            grouped=len(groups),
            texts=distinct(numbers([text for text in self.texts if text is not None])),
            groups=distinct(numbers(groups)),
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
    file_of, sha256 = files_of(data_path), lru_cache(sha256_of)
    found: dict[str, Remembered] = {}
    for number, instance in enumerate(instances):
        try:
            tags = instance.fields["metadata"].metadata  # type: ignore[attr-defined]
            language, _ = tags["language"], tags["id"]
        except (KeyError, TypeError, AttributeError):
            language = UNDETERMINED
            tags = {"language": language, "id": f"row {number}"}
        if (examples := found.get(language)) is None:
            file = file_of(language)
            examples = found[language] = Remembered(language, file, sha256(file), kind_of(tags))
        examples.add(tags)
    return found


# XNLI's languages have the same ids in the same order: of its test set five batches, which are hashed once.
@lru_cache(maxsize=16)
def _groups(ids: tuple[str, ...], within: Optional[str]) -> tuple[Optional[bytes], ...]:
    return tuple(group_fingerprints(ids, within))


def of_all_workers(found: dict[str, Remembered]) -> dict[str, Remembered]:
    """
    The examples of all distributed workers, each of which has read a share or everything: one exchange, for which all
    of them wait. Without workers, what was given.
    """
    together: dict[str, Remembered] = {}
    for of_worker in gather(found):
        for language, examples in of_worker.items():
            if language in together:
                together[language].add_all(examples)
            else:
                together[language] = examples
    return together


def files_of(data_path: Any) -> Callable[[str], str]:
    """Which file the examples of a language are from."""
    try:
        files = list_sources(data_path)
    except ConfigurationError:  # what the path of another reader means, only that reader knows
        return lambda language: str(data_path)
    return lambda language: next((file.path for file in files if file.wants(language)), files[0].path)
