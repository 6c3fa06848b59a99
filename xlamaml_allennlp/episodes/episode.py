"""What a task is made of, and how a yielded batch tells what it holds."""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from xlamaml_allennlp.episodes.side import Side
from xlamaml_allennlp.languages.tag import id_of, language_of


@dataclass(frozen=True)
class Episode:
    """
    One task: a support set to adapt on and a query set that judges the adapted parameters (paper, section 3.1).

    # Parameters

    support : `array[int]`
        The rows of S among the examples, drawn from the languages {l}_S.
    query : `array[int]`
        The rows of Q, drawn from the languages {l}_Q. In a parallel episode the k-th support example translates the
        k-th of these.
    """

    support: "array[int]"
    query: "array[int]"

    @classmethod
    def of(cls, support: Iterable[int], query: Iterable[int]) -> "Episode":
        """The episode of some rows."""
        return cls(array("l", support), array("l", query))

    def reversed(self) -> "Episode":
        """The episode that adapts on this one's query set and is judged on its support set."""
        return Episode(self.query, self.support)


def languages_of_batch(side: Mapping[str, Any]) -> list[str]:
    """
    The distinct languages of one batch (of one side of an episode), in order of appearance.

    # Parameters

    side : `Mapping[str, Any]`
        A side of an episode, or any collated batch whose "metadata" is a list with one mapping per instance. Without
        it, or where a reader other than this package's wrote it, the list is empty.
    """
    return list(dict.fromkeys(language for language, _ in _examples_of(side)))


def ids_of_batch(side: Mapping[str, Any]) -> list[str]:
    """
    The distinct example ids of one batch (of one side of an episode), in order of appearance.

    # Parameters

    side : `Mapping[str, Any]`
        A side or a batch, as for `languages_of_batch`.
    """
    return list(dict.fromkeys(id for _, id in _examples_of(side)))


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
    examples = _examples_of(side)
    if not examples:
        return f"of unknown languages ({'no tags in its' if side.get('metadata') else 'no'} metadata)"
    ids_by_language: dict[str, dict[str, None]] = {}
    for language, id in examples:
        ids_by_language.setdefault(language, {})[id] = None
    return ", ".join(f"{language} (ids {', '.join(ids)})" for language, ids in ids_by_language.items())


def _examples_of(side: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Language and id of what a batch holds; stock readers keep other things in the metadata, or have none."""
    if isinstance(side, Side):
        return [(tag.language, tag.id) for tag in side.tags]
    return [
        (language_of(tags), id_of(tags))
        for tags in side.get("metadata", [])
        if isinstance(tags, Mapping) and "language" in tags and "id" in tags
    ]
