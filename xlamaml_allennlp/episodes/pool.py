"""The examples that episodes are drawn from, by language, by id and by group."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Optional

from allennlp.common.checks import ConfigurationError
from allennlp.data import Instance

from xlamaml_allennlp.episodes.episode import Example
from xlamaml_allennlp.languages.tag import group_of, id_of, language_of


class ExamplePool:
    """
    Examples by language, in the order in which they were read.

    Instances that share language and id are one example: all windows of one question.

    # Parameters

    instances : `Iterable[Instance]`
        Instances tagged with language, id and group.

    # Raises

    `ConfigurationError`
        If two instances share language and id but not the group: two examples then have one id.
    """

    def __init__(self, instances: Iterable[Instance]) -> None:
        gathered: dict[tuple[str, str], tuple[str, list[Instance]]] = {}
        for instance in instances:
            language, id, group = language_of(instance), id_of(instance), group_of(instance)
            first_group, members = gathered.setdefault((language, id), (group, []))
            if group != first_group:
                raise ConfigurationError(
                    f'Two examples of language "{language}" have the id "{id}": they belong to different groups '
                    f'("{first_group}" and "{group}"). Give each example of a language its own id; files whose ids '
                    "restart (development and test, say) cannot be mixed in one language."
                )
            members.append(instance)
        self._by_id = {
            (language, id): Example(language, id, group, tuple(members))
            for (language, id), (group, members) in gathered.items()
        }
        self._by_language: dict[str, list[Example]] = {}
        for example in self._by_id.values():
            self._by_language.setdefault(example.language, []).append(example)
        self._group_sizes = Counter(example.group_key for example in self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Example]:
        return iter(self._by_id.values())

    def __getitem__(self, key: tuple[str, str]) -> Example:
        return self._by_id[key]

    @property
    def languages(self) -> list[str]:
        """The languages there are, in order of reading."""
        return list(self._by_language)

    def examples(self, language: str) -> list[Example]:
        """All examples of a language (none: an empty list), in order of reading. Not to be changed."""
        return self._by_language.get(language, [])

    def find(self, language: str, id: str) -> Optional[Example]:
        """The example of a language with an id, if there is one."""
        return self._by_id.get((language, id))

    def group_size(self, example: Example) -> int:
        """How many examples of its language share the example's group, itself included."""
        return self._group_sizes[example.group_key]

    def group_sizes(self, languages: Iterable[str]) -> list[int]:
        """The sizes of all groups of some languages, largest first."""
        wanted = set(languages)
        return sorted((size for (language, _), size in self._group_sizes.items() if language in wanted), reverse=True)

    def describe(self) -> str:
        """The languages there are with their numbers of examples: `en (2490), hi (2490)`."""
        return ", ".join(f"{language} ({len(examples)})" for language, examples in self._by_language.items()) or "none"
