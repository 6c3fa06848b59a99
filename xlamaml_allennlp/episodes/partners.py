"""Parallel episodes: the k-th support example is the translation of the k-th query example, by id."""

import logging
from collections.abc import Callable, Sequence
from random import Random
from typing import Literal, Optional, Union

from allennlp.common.checks import ConfigurationError
from allennlp.data.fields import LabelField

from xlamaml_allennlp.episodes.episode import Example
from xlamaml_allennlp.episodes.language_plan import LanguagePlan
from xlamaml_allennlp.episodes.pool import ExamplePool

logger = logging.getLogger(__name__)

KEY = "data_loader.sampler.parallel"
Parallel = Union[bool, Literal["where_possible"]]
# More than this share of translations with another label, and the ids stand for something else.
MOST_CONTRADICTIONS = 0.2


def with_partners(pool: ExamplePool, plan: LanguagePlan, parallel: Parallel) -> dict[str, list[Example]]:
    """
    The query examples that have a partner, by query language.

    An example has one if every language that its support set can be drawn from holds its id. Translations have the same
    label: where labels differ (of tasks that have a `label`), ids were taken for the same that are not.

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
    found: dict[str, list[Example]] = {}
    for language in plan.query_languages:
        others = plan.candidates([language])
        if language in others:
            raise ConfigurationError(
                f'{KEY} is {_shown(parallel)}, but data_loader.languages draws the support for "{language}" from '
                f'"{language}" itself, where the translation of an example is that example. Set parallel to false, or '
                'use type "cross_lingual".'
            )
        examples = pool.examples(language)
        found[language] = [example for example in examples if _missing(pool, example, others) is None]
        if len(found[language]) < len(examples):
            _report(pool, language, others, found[language], parallel)
        _compare_labels(pool, found[language], others)
    return found


def partners_of(query: Sequence[Example], support_set: Sequence[str], pool: ExamplePool, rng: Random) -> list[Example]:
    """
    The translations of a query set, in its order.

    # Parameters

    query : `Sequence[Example]`
        Examples that `with_partners` gave.
    support_set : `Sequence[str]`
        The languages {l}_S; where there are several, one is drawn for each example.
    pool : `ExamplePool`
        All examples.
    rng : `Random`
        The sampler's generator.
    """
    languages = [support_set[0] if len(support_set) == 1 else rng.choice(support_set) for _ in query]
    return [pool[language, example.id] for language, example in zip(languages, query, strict=True)]


def distinct_ids() -> Callable[[Example], bool]:
    """A filter for one query set: of the translations of one example it takes the first, as they share a partner."""
    seen: set[str] = set()

    def admits(example: Example) -> bool:
        is_new = example.id not in seen
        seen.add(example.id)
        return is_new

    return admits


def _missing(pool: ExamplePool, example: Example, others: Sequence[str]) -> Optional[str]:
    return next((language for language in others if pool.find(language, example.id) is None), None)


def _report(
    pool: ExamplePool, language: str, others: Sequence[str], found: Sequence[Example], parallel: Parallel
) -> None:
    examples = pool.examples(language)
    count = len(examples) - len(found)
    if parallel is True or not found:
        lonely, missing_in = next(
            (example, other) for example in examples if (other := _missing(pool, example, others)) is not None
        )
        way_out = (
            'Set parallel to "where_possible" to leave such examples out, or to false.'
            if found
            else "Give files whose ids agree across languages, or set parallel to false."
        )
        raise ConfigurationError(
            f'{KEY} is {_shown(parallel)}, but the example "{lonely.id}" of "{language}" has no translation of the '
            f'same id in "{missing_in}" ({count} of {len(examples)} examples of "{language}" lack one in '
            f"{', '.join(others)}). {way_out}"
        )
    logger.warning(
        "%s is where_possible: %d of %d examples of %s have no translation in %s and are left out.",
        KEY, count, len(examples), language, ", ".join(others),
    )  # fmt: skip


def _compare_labels(pool: ExamplePool, examples: Sequence[Example], others: Sequence[str]) -> None:
    differing = [
        (example, language) for example in examples if (language := _differing(pool, example, others)) is not None
    ]
    if not differing:
        return
    example, language = differing[0]
    seen = (
        f'{len(differing)} of {len(examples)} examples of "{example.language}" have another label than their '
        f'translation of the same id, such as the example "{example.id}" in "{language}"'
    )
    if len(differing) > MOST_CONTRADICTIONS * len(examples):
        raise ConfigurationError(
            f"{KEY}: {seen}. These are no translations. Give files whose ids, or without ids whose rows, correspond "
            "across languages, or set parallel to false."
        )
    logger.warning("%s: %s.", KEY, seen)


def _differing(pool: ExamplePool, example: Example, others: Sequence[str]) -> Optional[str]:
    label = _label(example)
    if label is None:
        return None
    return next((other for other in others if _label(pool[other, example.id]) not in (label, None)), None)


def _label(example: Example) -> Union[str, int, None]:
    field = example.instances[0].fields.get("label")
    return field.label if isinstance(field, LabelField) else None


def _shown(parallel: Parallel) -> str:
    return "true" if parallel is True else f'"{parallel}"'
