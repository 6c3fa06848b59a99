"""Two settings compared, target by target and on all targets together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Optional

import numpy as np
from statsmodels.stats.multitest import multipletests

from xlamaml_allennlp.reports.clusters import clusters_of
from xlamaml_allennlp.reports.crossed import Effect, effect_of
from xlamaml_allennlp.reports.pairing import Paired, pair
from xlamaml_allennlp.reports.power import LEVEL
from xlamaml_allennlp.reports.results import Results
from xlamaml_allennlp.reports.setting import Setting


@dataclass
class Comparison:
    """
    A method against a control, by one measure, in points of percent.

    # Parameters

    method, control : `Setting`
        What is compared: the first less the second.
    measure : `str`
        By what.
    targets : `tuple[str, ...]`
        On what, also where there is nothing to compare.
    effects : `dict[str, Effect]`
        By target.
    corrected : `dict[str, float]`
        The p of each target, corrected by Holm for as many targets.
    mean : `Optional[Effect]`
        Of the mean of the targets: one question, so it is not corrected for them.
    notes : `list[str]`
        What was not compared, and why.
    """

    method: Setting
    control: Setting
    measure: str
    targets: tuple[str, ...] = ()
    effects: dict[str, Effect] = field(default_factory=dict)
    corrected: dict[str, float] = field(default_factory=dict)
    mean: Optional[Effect] = None
    notes: list[str] = field(default_factory=list)

    def significant(self, target: str) -> bool:
        """Whether the difference on a target is significant after Holm's correction."""
        return self.corrected.get(target, 1.0) < LEVEL

    def smallest(self, target: str) -> Optional[float]:
        """The difference on a target that this study finds with power 0.8, also where it is the only one: by Holm."""
        effect = self.effects.get(target)
        return None if effect is None else effect.smallest(LEVEL / len(self.effects))


def compare(results: Results, method: Setting, control: Setting, measure: str, targets: Sequence[str]) -> Comparison:
    """
    Compares two settings on the seeds and examples that both have. A control with one seed, such as a baseline that
    was trained once, is compared as that one run. Holm's correction (statsmodels) is over the targets.

    # Parameters

    results : `Results`
        What was measured.
    method, control : `Setting`
        What to compare.
    measure : `str`
        By what.
    targets : `Sequence[str]`
        On what.
    """
    comparison = Comparison(method, control, measure, tuple(targets))
    pairs: dict[str, Paired] = {}
    for target in targets:
        paired = pair(results, method, control, measure, target, comparison.notes)
        if paired is not None:
            pairs[target] = paired
    for target, paired in pairs.items():
        effect = _effect({target: paired})
        if effect is None:
            comparison.notes.append(f"{target}: one seed and no predictions, which tells nothing of chance.")
        else:
            comparison.effects[target] = effect
    comparison.corrected = holm({target: effect.p for target, effect in comparison.effects.items()})
    if len(pairs) == len(targets) and len({paired.seeds for paired in pairs.values()}) == 1:
        comparison.mean = _effect(pairs)
    elif pairs:
        missing = ", ".join(target for target in targets if target not in pairs)
        why = f"nothing to compare on {missing}" if missing else "targets have different seeds"
        comparison.notes.append(f"No mean of the targets: {why}.")
    return comparison


def holm(values: Mapping[str, float]) -> dict[str, float]:
    """p values corrected by Holm, by the names of their tests."""
    if not values:
        return {}
    corrected = multipletests(list(values.values()), method="holm")[1]
    return {name: float(p) for name, p in zip(values, corrected, strict=True)}


def differing_means(compared: Mapping[Setting, Comparison]) -> set[Setting]:
    """The settings whose mean of the targets differs from the baseline's, by Holm over the settings."""
    corrected = holm({str(place): each.mean.p for place, each in enumerate(compared.values()) if each.mean is not None})
    return {setting for place, setting in enumerate(compared) if corrected.get(str(place), 1.0) < LEVEL}


def controls_of(compared: Mapping[Setting, Comparison]) -> str:
    """What a table of comparisons compares with, in words."""
    return " and ".join(sorted({each.control.label for each in compared.values()})) or "the baseline"


def scope_of(compared: Mapping[Setting, Comparison]) -> str:
    """What stars in a table of comparisons speak of: "over seeds and examples", or over one of these only."""
    found = sorted({effect.over for each in compared.values() for effect in each.effects.values()})
    return f"over {' or '.join(found)}"


def _effect(pairs: Mapping[str, Paired]) -> Optional[Effect]:
    ids = [id for paired in pairs.values() for id in paired.ids]
    groups = [group for paired in pairs.values() for group in paired.groups]
    of = np.repeat(np.arange(len(pairs)), [len(paired.ids) for paired in pairs.values()])
    names = list(pairs)
    clusters = clusters_of(ids, groups, [names[number] for number in of])
    differences = np.concatenate([paired.values for paired in pairs.values()], axis=1)
    return effect_of(differences, clusters, of)
