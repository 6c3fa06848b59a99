"""Two settings side by side: the same seeds, the same examples."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Optional

import numpy as np

from xlamaml_allennlp.reports.predictions import Judged
from xlamaml_allennlp.reports.results import Results
from xlamaml_allennlp.reports.setting import Setting


class Paired(NamedTuple):
    """Differences between two settings on one target: seeds x examples, with the examples' ids and groups."""

    values: np.ndarray
    ids: Sequence[str]
    groups: Sequence[str]
    seeds: tuple[int, ...]


def pair(
    results: Results, method: Setting, control: Setting, measure: str, target: str, notes: list[str]
) -> Optional[Paired]:
    """
    Pairs two settings by seed and example; nothing where that cannot be done.

    # Parameters

    results : `Results`
        What was measured.
    method, control : `Setting`
        The two.
    measure, target : `str`
        By what, and on what.
    notes : `list[str]`
        Takes what was left out, and why.
    """
    one, other = (results.of(setting, measure, target) for setting in (method, control))
    if not one or not other:
        return None
    if not results.same_data(method, control, measure, target):
        notes.append(f"{target}: evaluated on different data, not compared.")
        return None
    fixed = len(other) == 1 and len(one) > 1
    seeds = tuple(one) if fixed else tuple(seed for seed in one if seed in other)
    if not seeds:
        notes.append(f"{target}: no seed in common ({_listed(one)} and {_listed(other)}), not compared.")
        return None
    if fixed:
        notes.append(f"{target}: {control.label} has one seed, and is compared as that one run.")
    elif len(seeds) < max(len(one), len(other)):
        notes.append(f"{target}: compared on the seeds that both have, {_listed(seeds)}.")
    (only,) = other.values() if fixed else (None,)
    runs = [(one[seed], only or other[seed]) for seed in seeds]
    judged = [results.judged[e.name].get(target) for pair in runs for e in pair]
    if any(each is None or measure not in each.scores for each in judged):
        scale = results.scale(measure)
        shares = [[scale * results.measured[e.name].values[measure][target] for e in pair] for pair in runs]
        # One cluster, that of all targets: nothing is known of examples.
        return Paired(np.array([[first - second] for first, second in shares]), ["all"], ["all"], seeds)
    return _by_example(measure, target, [each for each in judged if each is not None], seeds, notes)


def _by_example(
    measure: str, target: str, judged: Sequence[Judged], seeds: tuple[int, ...], notes: list[str]
) -> Optional[Paired]:
    ids, rows = aligned(judged, measure)
    dropped = max(len(each.ids) for each in judged) - len(ids)
    if dropped:
        notes.append(f"{target}: compared on the {len(ids):,} examples that all have; {dropped:,} left out.")
    groups = [groups_of(each, ids) for each in judged]
    if any(own != groups[0] for own in groups):
        # Ids restart in each file: example 7 of one need not be example 7 of another.
        notes.append(f"{target}: examples of one id are not the same, not compared.")
        return None
    return Paired(100 * (rows[::2] - rows[1::2]), ids, groups[0], seeds) if ids else None


def groups_of(judged: Judged, ids: Sequence[str]) -> list[str]:
    if judged.ids == ids:
        return judged.groups
    group_of = dict(zip(judged.ids, judged.groups, strict=True))
    return [group_of[id] for id in ids]


def aligned(judged: Sequence[Judged], measure: str) -> tuple[list[str], np.ndarray]:
    """The ids that all have, and their scores. Shape: (num_evaluations, num_examples)"""
    ids = judged[0].ids
    if all(each.ids == ids for each in judged):
        return ids, np.stack([each.scores[measure] for each in judged])
    shared = set(ids).intersection(*(each.ids for each in judged))
    ids = [id for id in ids if id in shared]
    scores = [dict(zip(each.ids, each.scores[measure], strict=True)) for each in judged]
    return ids, np.array([[own[id] for id in ids] for own in scores])


def _listed(seeds: Sequence[int] | Mapping[int, object]) -> str:
    return ", ".join(map(str, seeds))
