"""Tagged instances without text, a reader that yields them, and what is drawn from them, by tag."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import torch
from allennlp.common import Params
from allennlp.data import DataLoader, DatasetReader, Instance
from allennlp.data.fields import MetadataField, TensorField

from xlamaml_allennlp.episodes import Episode, EpisodeDataLoader, EpisodeSampler, ExamplePool, LanguagePlan
from xlamaml_allennlp.languages.examples import InMemoryExamples
from xlamaml_allennlp.languages.sources import list_sources
from xlamaml_allennlp.languages.tag import Tag, language_of, metadata, tag_of


def instance(language: str, id: int | str, group: int | str | None = None, window: int = 0) -> Instance:
    """One instance; its own group unless told."""
    tags = metadata(language, str(id), str(id if group is None else group), window=window)
    return Instance({"number": TensorField(torch.tensor([float(window)])), "metadata": MetadataField(tags)})


def instances(counts: Mapping[str, int], group_size: int = 1) -> list[Instance]:
    """`counts[language]` instances per language, ids from 0, `group_size` neighbours to a group."""
    return [instance(language, i, i // group_size) for language, count in counts.items() for i in range(count)]


def pool_of(rows: Iterable[Instance]) -> ExamplePool:
    return ExamplePool(InMemoryExamples((tag_of(row), row) for row in rows))


def pool(counts: Mapping[str, int], group_size: int = 1) -> ExamplePool:
    return pool_of(instances(counts, group_size))


def grouped_pool(groups: Mapping[str, list[int]]) -> ExamplePool:
    """Per language, the sizes of its groups."""
    return pool_of(
        instance(language, f"{group}.{i}", group)
        for language, sizes in groups.items()
        for group, size in enumerate(sizes)
        for i in range(size)
    )


def plan(**params: Any) -> LanguagePlan:
    return LanguagePlan.from_params(Params(params))


def sampler(type: str = "covering", support_size: int = 2, query_size: int = 2, **params: Any) -> EpisodeSampler:
    return EpisodeSampler.from_params(
        Params({"type": type, "support_size": support_size, "query_size": query_size, **params})
    )


class Drawn(NamedTuple):
    """An episode by the tags of its examples."""

    support: list[Tag]
    query: list[Tag]

    @property
    def support_languages(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(tag.language for tag in self.support))

    @property
    def query_languages(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(tag.language for tag in self.query))


def drawn(episode: Episode, pool: ExamplePool) -> Drawn:
    return Drawn(*([pool.examples.tag(row) for row in side] for side in (episode.support, episode.query)))


def stream(built: EpisodeDataLoader) -> Iterator[Drawn]:
    """The loader's whole stream."""
    return (drawn(episode, built._pool) for episode in built.stream())


def episodes(sampler: EpisodeSampler, pool: ExamplePool, plan: LanguagePlan, count: int | None = None) -> list[Drawn]:
    """The first `count` episodes; as many as one pass has unless told."""
    material = sampler.material(pool, plan)
    found = islice(sampler.stream(material), count or sampler.episodes_per_pass(material))
    return [drawn(episode, pool) for episode in found]


def names(episode: Drawn) -> list[list[str]]:
    """Support and query as `hi:7`."""
    return [[f"{tag.language}:{tag.id}" for tag in side] for side in episode]


def streams(plans: list[dict[str, Any]], counts: Mapping[str, int]) -> list[list[list[list[str]]]]:
    """The first episodes of both samplers under some plans, by name."""
    return [
        [names(episode) for episode in episodes(sampler(type, 4, 3, seed=5), pool(counts, 3), plan(**params), 30)]
        for type in ("covering", "random")
        for params in plans
    ]


class TaggedReader(DatasetReader):
    """Files are lists of instances; counts how often each is opened. Left-out rows as the contract of readers says."""

    def __init__(self, files: Mapping[str, list[Instance]], max_instances: int | None = None) -> None:
        super().__init__(max_instances=max_instances)
        self.files = files
        self.opened: Counter[str] = Counter()

    def _read(self, file_path: Any) -> Iterable[Instance]:
        for source in list_sources(file_path):
            self.opened[source.path] += 1
            for row in self.files[source.path]:
                if source.wants(language_of(row)):
                    yield row


def loader(reader: DatasetReader, data_path: Any = "all", **params: Any) -> EpisodeDataLoader:
    """An `episodes` loader as AllenNLP's train command builds it."""
    built = DataLoader.from_params(Params({"type": "episodes", **params}), reader=reader, data_path=data_path)
    assert isinstance(built, EpisodeDataLoader)
    return built


def find(pool: ExamplePool, language: str, id: str) -> Any:
    """The row of an example, if there is one."""
    return next((row for row in pool.rows(language) if pool.id(row) == id), None)
