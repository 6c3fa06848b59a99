"""Which languages the support and the query set of an episode are drawn from."""

import logging
from collections.abc import Iterator, Sequence
from random import Random
from typing import Optional, Union

from allennlp.common import Registrable
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.episodes.bandit import Bandit

logger = logging.getLogger(__name__)

KEY = "data_loader.languages"


class LanguagePlan(Registrable):
    """
    Chooses the languages {l}_S and {l}_Q of each episode (paper, section 3.1, step 1).

    # Parameters

    support_languages : `Sequence[str]`
        Every language that a support set can be drawn from.
    query_languages : `Sequence[str]`
        Every language that a query set can be drawn from.
    languages_per_support : `int`
        Size of {l}_S, at least 1.
    languages_per_query : `int`
        Size of {l}_Q, at least 1.
    """

    default_implementation = "cross_lingual"
    # Who chooses pairs by what came of earlier ones. Without it the languages depend on the seed alone.
    bandit: Optional[Bandit] = None

    def __init__(
        self,
        support_languages: Sequence[str],
        query_languages: Sequence[str],
        languages_per_support: int,
        languages_per_query: int,
    ) -> None:
        self.support_languages = list(support_languages)
        self.query_languages = list(query_languages)
        self.languages_per_support = languages_per_support
        self.languages_per_query = languages_per_query

    @property
    def languages(self) -> list[str]:
        """Every language of the plan, once."""
        return list(dict.fromkeys(self.support_languages + self.query_languages))

    @property
    def smallest_query_set(self) -> int:
        """The size of the smallest {l}_Q: the last one of a pass holds what is left."""
        return len(self.query_languages) % self.languages_per_query or self.languages_per_query

    def query_sets(self, rng: Random) -> list[tuple[str, ...]]:
        """
        One pass over the query languages, in random groups of `languages_per_query`; the last holds what is left.

        # Parameters

        rng : `Random`
            The sampler's generator.
        """
        order = rng.sample(self.query_languages, len(self.query_languages))
        size = self.languages_per_query
        return [tuple(order[start : start + size]) for start in range(0, len(order), size)]

    def candidates(self, query_set: Sequence[str]) -> list[str]:
        """The languages that the support set of an episode with these query languages can be drawn from."""
        raise NotImplementedError

    def support_set(self, query_set: Sequence[str], rng: Random) -> tuple[str, ...]:
        """The languages {l}_S for an episode with these query languages, from the sampler's generator."""
        candidates = self.candidates(query_set)
        if self.languages_per_support == 1:  # as `sample` does it, in a third of the time
            return (rng.choice(candidates),)
        return tuple(rng.sample(candidates, self.languages_per_support))

    def pairs(self, rng: Random) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """{l}_S and {l}_Q of episodes that are drawn one by one, without end, from the sampler's generator."""
        while True:
            query_set = rng.choice(self.query_sets(rng))
            yield self.support_set(query_set, rng), query_set


@LanguagePlan.register("cross_lingual")
class CrossLingualPlan(LanguagePlan):
    """
    Draws support and query from different languages, which is what XLA-MAML is (paper, section 3).

    A language on both sides stands in one of them per episode: `support: ["hi", "de"], query: ["hi", "de"]` draws one
    of the two for S and the other for Q.

    Registered as a `LanguagePlan` with name "cross_lingual".

    # Parameters

    support : `list[str]`
        Languages to draw support sets from.
    query : `list[str]`
        Languages to draw query sets from.
    languages_per_support : `int`, optional (default = `1`)
        How many languages one support set holds, at least 1.
    languages_per_query : `int`, optional (default = `1`)
        How many languages one query set holds, at least 1.

    # Raises

    `ConfigurationError`
        If a list is empty or names a language twice, or an episode can leave fewer than `languages_per_support`
        support languages beside its query languages.
    """

    def __init__(
        self,
        support: Union[str, list[str]],  # from_params would take a bare string apart; here it gets an error
        query: Union[str, list[str]],
        languages_per_support: int = 1,
        languages_per_query: int = 1,
    ) -> None:
        support, query = _checked("support", support), _checked("query", query)
        _check_count("languages_per_support", languages_per_support, "support", support)
        _check_count("languages_per_query", languages_per_query, "query", query)
        shared = [language for language in support if language in query]
        remaining = len(support) - min(languages_per_query, len(shared))
        if remaining < languages_per_support:
            raise ConfigurationError(
                f"{KEY}.support is {support} and {KEY}.query is {query}: with {KEY}.languages_per_query "
                f"{languages_per_query} an episode can leave {remaining} support languages beside its query languages, "
                f"and {KEY}.languages_per_support is {languages_per_support}. Name more languages in "
                'support, lower one of the two numbers, or use type "same_language".'
            )
        # A query set that always holds all query languages leaves none of them for the support set.
        never_drawn = shared if languages_per_query == len(query) else []
        if never_drawn:
            logger.warning("%s.support: %s can never be drawn, every query set holds it.", KEY, ", ".join(never_drawn))
        usable = [language for language in support if language not in never_drawn]
        super().__init__(usable, query, languages_per_support, languages_per_query)

    def candidates(self, query_set: Sequence[str]) -> list[str]:
        return [language for language in self.support_languages if language not in query_set]


@LanguagePlan.register("same_language")
class SameLanguagePlan(LanguagePlan):
    """
    Draws support and query from the same language, which is what X-MAML does (Nooralahzadeh et al. 2020).

    Registered as a `LanguagePlan` with name "same_language".

    # Parameters

    query : `list[str]`
        Languages to draw episodes from.
    languages_per_query : `int`, optional (default = `1`)
        How many languages one episode holds, at least 1; support and query are both drawn from their union.

    # Raises

    `ConfigurationError`
        If the list is empty or names a language twice, or is shorter than `languages_per_query`.
    """

    def __init__(self, query: Union[str, list[str]], languages_per_query: int = 1) -> None:
        query = _checked("query", query)
        _check_count("languages_per_query", languages_per_query, "query", query)
        super().__init__(query, query, languages_per_query, languages_per_query)

    def candidates(self, query_set: Sequence[str]) -> list[str]:
        return list(query_set)

    def support_set(self, query_set: Sequence[str], rng: Random) -> tuple[str, ...]:
        return tuple(query_set)


def _checked(key: str, languages: Union[str, list[str]]) -> list[str]:
    if isinstance(languages, str):
        raise ConfigurationError(f'{KEY}.{key} is "{languages}"; give a list of languages: ["{languages}"].')
    if not languages:
        raise ConfigurationError(f'{KEY}.{key} is empty; name at least one language: ["hi"].')
    twice = [language for language in dict.fromkeys(languages) if languages.count(language) > 1]
    if twice:
        raise ConfigurationError(f"{KEY}.{key} is {languages} and names {', '.join(twice)} twice; name it once.")
    return list(languages)


def _check_count(key: str, count: int, of_key: str, languages: list[str]) -> None:
    if not 1 <= count <= len(languages):
        raise ConfigurationError(
            f"{KEY}.{key} is {count}, but {KEY}.{of_key} names {len(languages)} ({', '.join(languages)}); "
            f"give a number from 1 to {len(languages)}."
        )
