"""Support and query of one episode share neither an example nor a group within a language."""

from collections.abc import Callable, Sequence
from itertools import combinations

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.episodes.language_plan import LanguagePlan
from xlamaml_allennlp.episodes.pool import ExamplePool

Admits = Callable[[int], bool]


def leaves_support(pool: ExamplePool, support_set: Sequence[str], support_size: int) -> Admits:
    """
    A filter for the query set of one episode: it refuses an example whose group the support set cannot spare.

    # Parameters

    pool : `ExamplePool`
        All examples.
    support_set : `Sequence[str]`
        The languages {l}_S of the episode.
    support_size : `int`
        How many examples the support set needs.
    """
    spare = sum(len(pool.rows(language)) for language in support_set) - support_size
    touched: set[int] = set()

    def admits(row: int) -> bool:
        nonlocal spare
        group = pool.group(row)
        if group in touched or pool.language(row) not in support_set:
            return True
        if pool.group_size(row) > spare:
            return False
        spare -= pool.group_size(row)
        touched.add(group)
        return True

    return admits


def apart_from(pool: ExamplePool, query: Sequence[int]) -> Admits:
    """A filter for the support set of one episode: it refuses what shares language and group with a query example."""
    touched = {pool.group(row) for row in query}
    return lambda row: pool.group(row) not in touched


def check_separation(pool: ExamplePool, plan: LanguagePlan, support_size: int, query_size: int) -> None:
    """
    Checks that the groups of the data let support and query stay apart where they share languages.

    # Raises

    `ConfigurationError`
        If some languages have no full episode at all, or an example that can never be in a query set.
    """

    def is_possible(languages: Sequence[str]) -> bool:
        return _is_possible(pool.group_sizes(languages), support_size, query_size)

    # More languages only add room, so a set is possible if one language of it is.
    doubtful = [
        language
        for language in plan.query_languages
        if language in plan.candidates([language]) and not is_possible([language])
    ]
    for languages in combinations(doubtful, plan.smallest_query_set):
        if not is_possible(languages):
            sizes = pool.group_sizes(languages)
            raise ConfigurationError(
                f"Support and query of an episode share no group (premise, paragraph) within one language. "
                f"{' + '.join(languages)} has {sum(sizes)} examples in {len(sizes)} groups, the largest of {sizes[0]}: "
                f"too few for data_loader.sampler.support_size {support_size} beside query_size {query_size}. "
                "Lower the sizes, add data, or take support from another language."
            )


def _is_possible(group_sizes: Sequence[int], support_size: int, query_size: int) -> bool:
    total = sum(group_sizes)
    if total - sum(group_sizes[:query_size]) >= support_size:
        return True  # whatever the query set holds, the rest is enough: the usual case
    if total - max(group_sizes, default=0) < support_size:
        return False  # an example of the largest group could never be a query
    # Is there a choice of groups that holds a query set and leaves a support set? Bit n of `sums` is set where some
    # groups have n examples together.
    sums = 1
    for size in group_sizes:
        sums |= sums << size
    choices = total - support_size - query_size + 1
    return choices > 0 and bool(sums >> query_size & ((1 << choices) - 1))
