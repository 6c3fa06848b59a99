"""Which settings are meant: by the names of methods, as a baseline, as a control."""

from collections.abc import Sequence
from typing import Optional

from xlamaml_allennlp.reports.results import Results
from xlamaml_allennlp.reports.setting import Setting


def baseline_of(results: Results, name: str = "") -> Optional[Setting]:
    """The setting that others are compared with; `None` where there is only one."""
    settings = chosen(results, ())
    if name:
        found = called(results, name)
    elif len(settings) < 2:
        found = []
    else:
        baselines = [each for each in settings if "baseline" in each.method.lower()]
        found = baselines or [each for each in settings if not each.auxiliary] or settings
    if not found:
        return None
    return min(found, key=lambda each: (each.shots != 0, len(each.auxiliary), len(each.method)))


def called(results: Results, name: str) -> list[Setting]:
    """The settings with results that a name stands for: every one of a method, or the one with this label."""
    return [each for each in results.settings if name in (each.method, each.label)]


def chosen(results: Results, names: Sequence[str]) -> list[Setting]:
    """
    The settings that names (of methods, or labels of settings) stand for, in the order of the names; a name without
    results is a setting without results. For no names, all that are reported.
    """
    if names:
        found = [called(results, name) or [Setting(name)] for name in names]
        return list(dict.fromkeys(each for of_name in found for each in of_name))
    left_out = set(results.left_out)
    return [each for each in results.settings if each not in left_out]


def arranged(results: Results, order: Sequence[str]) -> list[Setting]:
    """
    All settings in the order of every table and figure: the study's, the zero-shot ones before others; where nobody has
    ordered them, the baseline first.

    # Parameters

    results : `Results`
        What was measured.
    order : `Sequence[str]`
        The names of evaluations in the study's order; empty where there is none.
    """
    if order:
        place = {name: number for number, name in enumerate(order)}
        planned = sorted(results.evaluations, key=lambda e: place.get(e.name, len(place)))
        return sorted(dict.fromkeys(e.setting for e in planned), key=_shots)
    base = baseline_of(results)
    # What was evaluated on other data comes last, such as development sets.
    other = {each: base is not None and not results.comparable(each, base) for each in results.settings}
    return sorted(results.settings, key=lambda each: (each != base, other[each], _shots(each), each.auxiliary != ()))


def _shots(setting: Setting) -> tuple[bool, int, str]:
    """What orders settings by their shots: 0, 8, 16, and after the numbers the names of sets."""
    is_name = isinstance(setting.shots, str)
    return is_name, 0 if is_name else int(setting.shots), str(setting.shots)


def matched(results: Results, method: Setting, control: str) -> Optional[Setting]:
    """
    The setting of a control that goes with a method's: of the same auxiliary languages and shots, else of the same
    shots and no auxiliary languages, and evaluated on the same data. A control that is named as its row is, with its
    languages or shots, is that one.
    """
    own = on_same_data(results, method, control)
    same = [each for each in own if (each.auxiliary, each.shots) == (method.auxiliary, method.shots)]
    plain = [each for each in own if each.shots == method.shots and not each.auxiliary]
    asked_for = [each for each in own if control == each.label != each.method]
    return next(iter(same + plain + asked_for), None)


def on_same_data(results: Results, method: Setting, control: str) -> list[Setting]:
    """The settings of a control's name that were evaluated on the data of a method's, whatever their languages."""
    return [each for each in called(results, control) if each != method and results.comparable(method, each)]


def on_one_data(results: Results) -> list[list[Setting]]:
    """The settings that are reported, those together that can be compared, or others with both; in their order."""
    places = {setting: place for place, setting in enumerate(chosen(results, ()))}
    groups: list[list[Setting]] = []
    for setting in places:
        own = [group for group in groups if any(results.comparable(setting, other) for other in group)]
        joined = [*(each for group in own for each in group), setting]
        groups = [*(group for group in groups if group not in own), sorted(joined, key=places.__getitem__)]
    return sorted(groups, key=lambda group: places[group[0]])
