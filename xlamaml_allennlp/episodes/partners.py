"""Parallel episodes: the k-th support example is the translation of the k-th query example, by id."""

import logging
from collections.abc import Callable, Sequence
from random import Random
from typing import Literal, Union

import numpy as np
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.episodes.language_plan import LanguagePlan
from xlamaml_allennlp.episodes.pool import ExamplePool

logger = logging.getLogger(__name__)

KEY = "data_loader.sampler.parallel"
Parallel = Union[bool, Literal["where_possible"]]
# More than this share of translations with another label, and the ids stand for something else.
MOST_CONTRADICTIONS = 0.2


def find_partnered(pool: ExamplePool, plan: LanguagePlan, parallel: Parallel) -> dict[str, Sequence[int]]:
    """
    The rows of the query examples that have a partner, by query language.

    An example has one if every language that its support set can be drawn from holds its id. Translations have the same
    label: where labels differ (of tasks that have labels), ids were taken for the same that are not.

    # Parameters

    pool : `ExamplePool`
        All examples.
    plan : `LanguagePlan`
        The languages of S and Q.
    parallel : `Union[bool, Literal["where_possible"]]`
        `True`: every example must have a partner. "where_possible": the others are left out, with a count in the log.

    # Raises

    `ConfigurationError`
        If support and query are drawn from one language; if `parallel` is `True` and a partner is missing; if no
        example of a language has a partner; if more than a fifth of a language's partners have another label. (Fewer
        are a warning in the log.)
    """
    found: dict[str, Sequence[int]] = {}
    for language in plan.query_languages:
        others = plan.candidates([language])
        if language in others:
            raise ConfigurationError(
                f'{KEY} is {_shown(parallel)}, but data_loader.languages draws the support for "{language}" from '
                f'"{language}" itself, where the translation of an example is that example. Set parallel to false, or '
                'use type "cross_lingual".'
            )
        rows = pool.rows(language)
        found[language] = np.asarray(rows)[_are_partnered(pool, rows, others)].data
        if len(found[language]) < len(rows):
            _report(pool, language, others, found[language], parallel)
        _compare_labels(pool, language, found[language], others)
    return found


def partners_of(query: Sequence[int], support_set: Sequence[str], pool: ExamplePool, rng: Random) -> list[int]:
    """
    The translations of a query set, in its order.

    # Parameters

    query : `Sequence[int]`
        Rows that `find_partnered` gave.
    support_set : `Sequence[str]`
        The languages {l}_S; where there are several, one is drawn for each example.
    pool : `ExamplePool`
        All examples.
    rng : `Random`
        The sampler's generator.
    """
    languages = [support_set[0] if len(support_set) == 1 else rng.choice(support_set) for _ in query]
    found = {language: pool.translations(query, language).tolist() for language in set(languages)}
    return [found[language][place] for place, language in enumerate(languages)]


def distinct_ids(pool: ExamplePool) -> Callable[[int], bool]:
    """A filter for one query set: of the translations of one example it takes the first, as they share a partner."""
    seen: set[int] = set()

    def admits(row: int) -> bool:
        id = pool.id_number(row)
        is_new = id not in seen
        seen.add(id)
        return is_new

    return admits


def _are_partnered(pool: ExamplePool, rows: Sequence[int], others: Sequence[str]) -> np.ndarray:
    """Of which rows all other languages hold the id. Shape: (num_rows,)"""
    return np.all([pool.translations(rows, language) >= 0 for language in others], axis=0)


def _report(pool: ExamplePool, language: str, others: Sequence[str], found: Sequence[int], parallel: Parallel) -> None:
    rows = pool.rows(language)
    count = len(rows) - len(found)
    if parallel is True or not found:
        first = rows[int(np.argmin(_are_partnered(pool, rows, others)))]
        missing_in = next(language for language in others if pool.translations([first], language)[0] < 0)
        way_out = (
            'Set parallel to "where_possible" to leave such examples out, or to false.'
            if found
            else "Give files whose ids agree across languages, or set parallel to false."
        )
        raise ConfigurationError(
            f'{KEY} is {_shown(parallel)}, but the example "{pool.id(first)}" of "{language}" has no translation of '
            f'the same id in "{missing_in}" ({count} of {len(rows)} examples of "{language}" lack one in '
            f"{', '.join(others)}). {way_out}"
        )
    logger.warning(
        "%s is where_possible: %d of %d examples of %s have no translation in %s and are left out.",
        KEY, count, len(rows), language, ", ".join(others),
    )  # fmt: skip


def _compare_labels(pool: ExamplePool, language: str, rows: Sequence[int], others: Sequence[str]) -> None:
    differ = [_differ(pool, rows, other) for other in others]
    any_differs = np.any(differ, axis=0)
    count = int(any_differs.sum())
    if not count:
        return
    place = int(np.argmax(any_differs))
    first, other = rows[place], next(other for other, found in zip(others, differ, strict=True) if found[place])
    seen = (
        f'{count} of {len(rows)} examples of "{language}" have another label than their '
        f'translation of the same id, such as the example "{pool.id(first)}" in "{other}"'
    )
    if count > MOST_CONTRADICTIONS * len(rows):
        raise ConfigurationError(
            f"{KEY}: {seen}. These are no translations. Give files whose ids, or without ids whose rows, correspond "
            "across languages, or set parallel to false."
        )
    logger.warning("%s: %s.", KEY, seen)


def _differ(pool: ExamplePool, rows: Sequence[int], other: str) -> np.ndarray:
    """Which rows have another label than their translations, where both have one. Shape: (num_rows,)"""
    ours, theirs = pool.labels(rows), pool.labels(pool.translations(rows, other))  # type: ignore[arg-type]
    return (ours != theirs) & (ours >= 0) & (theirs >= 0)


def _shown(parallel: Parallel) -> str:
    return "true" if parallel is True else f'"{parallel}"'
