"""What a task is made of: examples, episodes of two sets of them, and how a yielded batch tells what it holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from allennlp.data import Instance

from xlamaml_allennlp.languages.tag import id_of, language_of


@dataclass(frozen=True, eq=False)
class Example:
    """
    The unit that is drawn: a sentence pair, or a question with all its windows.

    # Parameters

    language : `str`
        The language tag.
    id : `str`
        Unique within the language; translations share it.
    group : `str`
        What support and query must not share within one language: a premise, a paragraph.
    instances : `tuple[Instance, ...]`
        The instances it consists of, in the order in which they were read.
    """

    language: str
    id: str
    group: str
    instances: tuple[Instance, ...]

    @property
    def group_key(self) -> tuple[str, str]:
        """Language and group: equal premises of two languages are two premises."""
        return self.language, self.group


@dataclass(frozen=True)
class Episode:
    """
    One task: a support set to adapt on and a query set that judges the adapted parameters (paper, section 3.1).

    # Parameters

    support : `list[Example]`
        S, drawn from the languages {l}_S.
    query : `list[Example]`
        Q, drawn from the languages {l}_Q. In a parallel episode the k-th support example translates the k-th of these.
    """

    support: list[Example]
    query: list[Example]

    @property
    def support_languages(self) -> tuple[str, ...]:
        """The languages of S, in order of appearance."""
        return tuple(dict.fromkeys(example.language for example in self.support))

    @property
    def query_languages(self) -> tuple[str, ...]:
        """The languages of Q, in order of appearance."""
        return tuple(dict.fromkeys(example.language for example in self.query))


def instances_of(examples: Iterable[Example]) -> list[Instance]:
    """All instances of some examples, in order."""
    return [instance for example in examples for instance in example.instances]


def languages_of_batch(side: Mapping[str, Any]) -> list[str]:
    """
    The distinct languages of one batch (of one side of an episode), in order of appearance.

    # Parameters

    side : `Mapping[str, Any]`
        A collated batch; its "metadata" is a list with one mapping per instance. Without it, or where a reader other
        than this package's wrote it, the list is empty.
    """
    return list(dict.fromkeys(language_of(tags) for tags in _tagged(side)))


def ids_of_batch(side: Mapping[str, Any]) -> list[str]:
    """
    The distinct example ids of one batch (of one side of an episode), in order of appearance.

    # Parameters

    side : `Mapping[str, Any]`
        A collated batch, as for `languages_of_batch`.
    """
    return list(dict.fromkeys(id_of(tags) for tags in _tagged(side)))


def describe(batch: Mapping[str, Any]) -> str:
    """
    Names the languages and ids of an episode, or of a plain batch, for an error message or a log:
    `support en (ids 3, 7), query hi (ids 3, 7)`.

    # Parameters

    batch : `Mapping[str, Any]`
        What a data loader yields: an episode with the keys "support" and "query", or a stock batch.
    """
    if "support" in batch and "query" in batch:
        return f"support {_describe_side(batch['support'])}, query {_describe_side(batch['query'])}"
    return f"batch {_describe_side(batch)}"


def _describe_side(side: Mapping[str, Any]) -> str:
    tagged = _tagged(side)
    if not tagged:
        return f"of unknown languages ({'no tags in its' if side.get('metadata') else 'no'} metadata)"
    ids_by_language: dict[str, dict[str, None]] = {}
    for tags in tagged:
        ids_by_language.setdefault(language_of(tags), {})[id_of(tags)] = None
    return ", ".join(f"{language} (ids {', '.join(ids)})" for language, ids in ids_by_language.items())


def _tagged(side: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The metadata that tell a language and an id: stock readers keep other things there, or none."""
    return [
        tags for tags in side.get("metadata", []) if isinstance(tags, Mapping) and "language" in tags and "id" in tags
    ]
