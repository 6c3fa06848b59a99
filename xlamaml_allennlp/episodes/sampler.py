"""How examples become an endless stream of episodes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Union

from allennlp.common import Registrable
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.episodes.deck import anything
from xlamaml_allennlp.episodes.episode import Episode
from xlamaml_allennlp.episodes.joined import Joined
from xlamaml_allennlp.episodes.language_plan import LanguagePlan
from xlamaml_allennlp.episodes.partners import Parallel, distinct_ids, find_partnered
from xlamaml_allennlp.episodes.pool import ExamplePool
from xlamaml_allennlp.episodes.separation import Admits, check_separation, leaves_support

KEY = "data_loader.sampler"


@dataclass(frozen=True)
class Material:
    """
    What episodes are drawn from, checked against what the sampler needs.

    # Parameters

    pool : `ExamplePool`
        All examples.
    plan : `LanguagePlan`
        The languages of S and Q.
    queries : `dict[str, Sequence[int]]`
        By query language: the rows of the examples that can be in a query set.
    """

    pool: ExamplePool
    plan: LanguagePlan
    queries: dict[str, Sequence[int]]

    def query_rows(self, query_set: Sequence[str]) -> Sequence[int]:
        """The union of the query examples of some languages."""
        return _union([self.queries[language] for language in query_set])

    def support_rows(self, support_set: Sequence[str]) -> Sequence[int]:
        """The union of all examples of some languages."""
        return _union([self.pool.rows(language) for language in support_set])


class EpisodeSampler(Registrable):
    """
    Draws the examples of S and Q, given their languages (paper, section 3.1, step 2).

    # Parameters

    support_size : `int`
        K, the examples in each support set, at least 1.
    query_size : `int`
        N, the examples in each query set, at least 1.
    parallel : `Union[bool, str]`, optional (default = `False`)
        `True`: the k-th support example is the translation of the k-th query example, by id. "where_possible": query
        examples without a translation are left out, with a count in the log.
    seed : `int`, optional (default = `0`)
        Seed of the sampler's own generator; nothing else draws from it, and it draws from nothing else.

    # Raises

    `ConfigurationError`
        If a size is below 1, or `parallel` is set and the sizes differ.
    """

    default_implementation = "covering"

    def __init__(self, support_size: int, query_size: int, parallel: Union[bool, str] = False, seed: int = 0) -> None:
        for key, size in (("support_size", support_size), ("query_size", query_size)):
            if size < 1:
                raise ConfigurationError(f"{KEY}.{key} is {size}; give at least 1.")
        if parallel is True or parallel == "where_possible":
            if support_size != query_size:
                raise ConfigurationError(
                    f"{KEY}.parallel pairs each query example with one support example, but support_size is "
                    f"{support_size} and query_size is {query_size}. Make them equal, or set parallel to false."
                )
        elif parallel is not False:
            raise ConfigurationError(f'{KEY}.parallel is {parallel!r}; give true, false or "where_possible".')
        self.support_size = support_size
        self.query_size = query_size
        self.parallel: Parallel = parallel
        self.seed = seed

    def material(self, pool: ExamplePool, plan: LanguagePlan) -> Material:
        """
        Checks that the data hold what the plan and this sampler need.

        # Parameters

        pool : `ExamplePool`
            All examples.
        plan : `LanguagePlan`
            The languages of S and Q.

        # Raises

        `ConfigurationError`
            If a language of the plan has no examples, a set is larger than the data, a translation is missing, or
            the groups do not let support and query stay apart.
        """
        unknown = [language for language in plan.languages if not pool.rows(language)]
        if unknown:
            raise ConfigurationError(
                f"data_loader.languages names {', '.join(unknown)}, of which the data hold no example. "
                f"Languages there are: {pool.describe()}. Correct the name, or add its file to the data path."
            )
        queries: dict[str, Sequence[int]] = {language: pool.rows(language) for language in plan.query_languages}
        if self.parallel:
            queries = find_partnered(pool, plan, self.parallel)
        _check_size("query_size", self.query_size, plan.smallest_query_set, queries)
        supports = {language: pool.rows(language) for language in plan.support_languages}
        _check_size("support_size", self.support_size, plan.languages_per_support, supports)
        check_separation(pool, plan, self.support_size, self.query_size)
        return Material(pool, plan, queries)

    def stream(self, material: Material) -> Iterator[Episode]:
        """
        The endless stream of episodes; every call begins the same stream anew.

        # Parameters

        material : `Material`
            What `material` gave.
        """
        raise NotImplementedError

    def episodes_per_pass(self, material: Material) -> int:
        """How many episodes it takes to cover the query examples once."""
        raise NotImplementedError

    def query_filter(self, material: Material, query_set: Sequence[str], support_set: Sequence[str]) -> Admits:
        """What one query set of some languages can take, given those of the support set beside it."""
        if self.parallel:
            return distinct_ids(material.pool) if len(query_set) > 1 else anything
        if not set(query_set) & set(support_set):
            return anything
        return leaves_support(material.pool, support_set, self.support_size)


def _union(parts: Sequence[Sequence[int]]) -> Sequence[int]:
    return parts[0] if len(parts) == 1 else Joined(parts)


def _check_size(key: str, size: int, languages_per_set: int, by_language: Mapping[str, Sequence[int]]) -> None:
    smallest = sorted(by_language, key=lambda language: len(by_language[language]))[:languages_per_set]
    count = sum(len(by_language[language]) for language in smallest)
    if count < size:
        raise ConfigurationError(
            f"{KEY}.{key} is {size}, but {' + '.join(smallest)} has only {count} examples to draw from. "
            f"Lower {key}, or add data."
        )
