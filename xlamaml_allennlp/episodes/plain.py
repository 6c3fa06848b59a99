"""Episodes of plain Python examples: for a network and a training loop of one's own, without readers and loaders."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from allennlp.common.checks import ConfigurationError
from allennlp.data import Instance, Vocabulary
from allennlp.data.fields import MetadataField

from xlamaml_allennlp.episodes.language_plan import LanguagePlan
from xlamaml_allennlp.episodes.pool import ExamplePool
from xlamaml_allennlp.episodes.sampler import EpisodeSampler
from xlamaml_allennlp.languages.tag import Tag
from xlamaml_allennlp.languages.tag_table import TagTable

PlainExample = TypeVar("PlainExample", bound=Mapping[str, Any])


def episodes_of(
    examples: Sequence[PlainExample], languages: LanguagePlan, sampler: EpisodeSampler
) -> Iterator[tuple[list[PlainExample], list[PlainExample]]]:
    """
    The endless stream of episodes of some examples: the support set and the query set of each, as lists of the
    examples themselves.

    # Parameters

    examples : `Sequence[Mapping[str, Any]]`
        Whatever is to be learnt, each with its `language`. Translations share their `id`; without one it is the
        example's number among those of its language, so that lists in one order are parallel. Examples that a support
        and a query set must not share, such as those of one premise, have a `group` in common.
    languages : `LanguagePlan`
        Which languages S and Q are drawn from.
    sampler : `EpisodeSampler`
        Which examples they consist of.

    # Raises

    `ConfigurationError`
        If an example has no language, two of a language have the same id, or plan or sampler ask for more than there
        is.
    """
    material = sampler.material(ExamplePool(_Tagged(examples)), languages)
    return (
        ([examples[row] for row in episode.support], [examples[row] for row in episode.query])
        for episode in sampler.stream(material)
    )


class _Tagged:
    """Plain examples as a pool asks for them: by their tags."""

    def __init__(self, examples: Sequence[Mapping[str, Any]]) -> None:
        self._examples = examples
        self._tags: list[Tag] = []
        met: dict[tuple[str, str], int] = {}
        counts: Counter[str] = Counter()
        for row, example in enumerate(examples):
            tag = _tag_of(example, row, counts)
            if met.setdefault((tag.language, tag.id), row) != row:
                raise ConfigurationError(
                    f"examples[{row}]: examples[{met[tag.language, tag.id]}] is in {tag.language} and has the id "
                    f'"{tag.id:.80}" too. Only translations share an id.'
                )
            self._tags.append(tag)

    def __len__(self) -> int:
        return len(self._tags)

    def tag(self, row: int) -> Tag:
        return self._tags[row]

    def instances(self, rows: Iterable[int]) -> list[Instance]:
        return [Instance({"metadata": MetadataField(self._examples[row])}) for row in rows]

    @cached_property
    def tags(self) -> TagTable:
        return TagTable.of(self._tags)

    def index_with(self, vocab: Vocabulary, rows: Iterable[int]) -> None:
        """Metadata know no vocabulary."""


def _tag_of(example: Mapping[str, Any], row: int, counts: "Counter[str]") -> Tag:
    language = example.get("language")
    if not isinstance(language, str) or not language:
        raise ConfigurationError(f'examples[{row}] has no language. Give each example one, such as "hi".')
    # As readers number them: translations in the same order find each other.
    id = f"row {counts[language]}" if example.get("id") is None else str(example["id"])
    counts[language] += 1
    group = id if example.get("group") is None else str(example["group"])
    return Tag(language, id, group, example.get("label"))
