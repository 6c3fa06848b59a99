"""Takes from the results what a figure shows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Optional

import numpy as np

from xlamaml_allennlp.reports.asked import FigureAsked
from xlamaml_allennlp.reports.choosing import baseline_of, chosen
from xlamaml_allennlp.reports.clusters import clusters_of
from xlamaml_allennlp.reports.comparer import Comparer
from xlamaml_allennlp.reports.crossed import Effect, effect_of
from xlamaml_allennlp.reports.curves import panels_of
from xlamaml_allennlp.reports.figures.confusion import confusion
from xlamaml_allennlp.reports.figures.curves import learning_curves
from xlamaml_allennlp.reports.figures.drawing import Drawn
from xlamaml_allennlp.reports.figures.heat_map import heat_map
from xlamaml_allennlp.reports.figures.look import Look, looks_of
from xlamaml_allennlp.reports.figures.points import points
from xlamaml_allennlp.reports.figures.questions import questions
from xlamaml_allennlp.reports.pairing import aligned, groups_of
from xlamaml_allennlp.reports.questions import KINDS, LENGTHS
from xlamaml_allennlp.reports.results import Results
from xlamaml_allennlp.reports.runs import Run
from xlamaml_allennlp.reports.setting import Setting
from xlamaml_allennlp.reports.tables import file_name

MOST = 7
"""Settings in one figure that colours and shapes still tell apart."""


def picture(
    results: Results, asked: FigureAsked, measure: str, comparer: Comparer, runs: Mapping[str, Run], place: int
) -> Optional[Drawn]:
    """A figure, or nothing where there are no results for it. `place` is its number, for the name of its files."""
    settings = [s for s in chosen(results, asked.methods) if s in results.settings]
    targets = list(asked.targets or results.targets(measure))
    name = file_name(asked.kind, str(place), measure)
    if asked.kind == "heat_map":
        return _heat_map(results, asked, measure, settings, targets, comparer, name)
    shown = settings[:MOST]
    looks = looks_of([*chosen(results, ()), *results.left_out])
    of_shown = {setting: looks[setting] for setting in shown}
    if asked.kind == "learning_curves":
        panels = panels_of(results, runs, shown)
        drawn = learning_curves(name, asked.title or "Learning curves", panels, of_shown) if panels else None
    elif asked.kind == "points":
        drawn = _points(results, asked, measure, of_shown, targets, name)
    elif asked.kind == "confusion":
        drawn = _confusions(results, asked, shown, name)
    else:
        drawn = _questions(results, asked, measure, of_shown, name)
    if drawn is None or len(shown) == len(settings):
        return drawn
    more = f" The first {len(shown)} of {len(settings)} settings; study.json can name others."
    return replace(drawn, caption=drawn.caption + more)


def _heat_map(
    results: Results, asked: FigureAsked, measure: str, settings: Sequence[Setting], targets: Sequence[str],
    comparer: Comparer, name: str,
) -> Optional[Drawn]:  # fmt: skip
    base = baseline_of(results, asked.baseline)
    rows = [s for s in settings if s != base]
    if base is None or not rows:
        return None
    compared = comparer.with_baseline(asked.baseline, rows, measure, targets)
    differences: dict[tuple[Setting, str], float] = {}
    for setting, comparison in compared.items():
        for target in targets:
            own, others = (list(results.points(s, measure, target).values()) for s in (setting, comparison.control))
            if own and others and results.same_data(setting, comparison.control, measure, target):
                # Where runs could be paired this is their paired difference.
                effect = comparison.effects.get(target)
                differences[setting, target] = effect.difference if effect else float(np.mean(own) - np.mean(others))
    rows = [setting for setting in rows if any((setting, target) in differences for target in targets)]
    if not rows:
        return None
    seen = frozenset((s, t) for s, t in differences if results.sees_target(s, measure, t))
    title = asked.title or f"{measure}: difference to {base.label}"
    return heat_map(name, title, rows, targets, compared, differences, seen)


def _points(
    results: Results, asked: FigureAsked, measure: str, looks: Mapping[Setting, Look], targets: Sequence[str], name: str
) -> Optional[Drawn]:
    scores = {(s, t): results.points(s, measure, t) for s in looks for t in targets}
    effects = {key: _interval(results, key[0], measure, key[1]) for key in scores}
    intervals = {key: effect for key, effect in effects.items() if effect is not None}
    return points(name, asked.title or f"{measure} by target", measure, looks, targets, scores, intervals)


def _interval(results: Results, setting: Setting, measure: str, target: str) -> Optional[Effect]:
    """The mean of a setting with its interval: what `effect_of` says of its scores themselves."""
    evaluations = results.of(setting, measure, target).values()
    judged = [results.judged[e.name].get(target) for e in evaluations]
    known = [each for each in judged if each is not None and measure in each.scores]
    if known and len(known) == len(judged):
        ids, scores = aligned(known, measure)  # predictions come in another order with each seed
        if ids and len(ids) == max(len(each.ids) for each in known):
            clusters = clusters_of(ids, groups_of(known[0], ids), [target] * len(ids))
            return effect_of(100 * scores, clusters)
    values = list(results.points(setting, measure, target).values())
    return effect_of(np.array(values)[:, None], np.zeros(1, dtype=int)) if len(values) > 1 else None


def _confusions(results: Results, asked: FigureAsked, settings: Sequence[Setting], name: str) -> Optional[Drawn]:
    counts = {setting.label: counted for setting in settings if (counted := _confusion(results, setting))}
    return confusion(name, asked.title or "Confusions", counts) if counts else None


def _confusion(results: Results, setting: Setting) -> Counter:
    by_targets = (results.judged[e.name].values() for e in results.of_setting(setting))
    return sum((judged.confusion for by_target in by_targets for judged in by_target), Counter())


def _questions(
    results: Results, asked: FigureAsked, measure: str, looks: Mapping[Setting, Look], name: str
) -> Optional[Drawn]:
    ways = {"question word": "words", "length of the answer": "lengths"}
    panels = {way: {s: _bins(results, s, measure, attribute) for s in looks} for way, attribute in ways.items()}
    if not any(bins for by_setting in panels.values() for bins in by_setting.values()):
        return None
    kinds = dict(zip(ways, (KINDS, LENGTHS), strict=True))
    return questions(name, asked.title or f"{measure} by kind of question", measure, looks, panels, kinds)


def _bins(results: Results, setting: Setting, measure: str, attribute: str) -> dict[str, tuple[float, int]]:
    values: dict[str, list[float]] = {}
    evaluations = results.of_setting(setting)
    for e in evaluations:
        for judged in results.judged[e.name].values():
            if measure in judged.scores and judged.words:
                for kind, score in zip(getattr(judged, attribute), judged.scores[measure], strict=True):
                    values.setdefault(kind, []).append(score)
    seeds = max(1, len({e.seed for e in evaluations}))
    return {kind: (100 * float(np.mean(of)), len(of) // seeds) for kind, of in values.items()}
