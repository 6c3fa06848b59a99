"""The numbers of an evaluation, by measure and target language."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.reports.evaluation import read_json

POINTS = ("em", "f1")
"""Measures of question answering that are in percent already, as the official scripts print them."""


class Measured(NamedTuple):
    """
    What a file of metrics says.

    # Parameters

    values : `Mapping[str, Mapping[str, float]]`
        By measure and target, as the file has them.
    zero_shot : `Mapping[str, bool]`
        By target, where the file says whether a run had seen its language.
    seen : `Mapping[str, int]`
        By target, how many of its examples, or of their translations, the run had seen; only where there were some.
    """

    values: Mapping[str, Mapping[str, float]]
    zero_shot: Mapping[str, bool]
    seen: Mapping[str, int] = MappingProxyType({})


def read_metrics(path: Path, targets: Sequence[str]) -> Measured:
    """
    Reads what `allennlp evaluate --output-file` wrote.

    A measure M that is kept per language has M, M/mean and M/<language>. The last are taken: the other two follow, and
    are not of one language. Where no measure is kept per language, every number counts, of the one target.

    # Parameters

    path : `Path`
        The file.
    targets : `Sequence[str]`
        The languages that were evaluated on, as far as they are known.

    # Raises

    `ConfigurationError`
        If there is no measure, or one is not a number.
    """
    found = read_json(path, dict)
    values: dict[str, dict[str, float]] = {}
    for measure in (key.removesuffix("/mean") for key in found if key.endswith("/mean")):
        own = {key.removeprefix(f"{measure}/"): value for key, value in found.items() if key.startswith(f"{measure}/")}
        del own["mean"]
        if measure in found and own:
            values[measure] = {target: _checked(value, measure, path) for target, value in own.items()}
    if not values:
        target = targets[0] if len(targets) == 1 else "all"
        values = {key: {target: _checked(v, key, path)} for key, v in found.items() if _counts(key, v)}
    if not values:
        raise ConfigurationError(f"{path} holds no measure (it has: {', '.join(found) or 'nothing'}). Evaluate again.")
    every = {target for of_measure in values.values() for target in of_measure}
    said = {target: _zero_shot(found, target) for target in sorted(every)}
    told = {target: value for target, value in said.items() if value is not None}
    return Measured(values, told, {target: number for target in sorted(every) if (number := _seen(found, target))})


def scale_of(measure: str, values: Sequence[float]) -> float:
    """What makes points in percent of a measure's values: 100 for shares, 1 for what is in percent already."""
    return 1.0 if measure in POINTS or any(value > 1 for value in values) else 100.0


def _counts(key: str, value: Any) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and key != "loss" and not key.startswith("_") and not key.startswith(("zero_shot", "seen"))


def _seen(found: Mapping[str, Any], target: str) -> int:
    """The examples that were seen themselves and those whose translations were; what is unknown counts nothing."""
    counts = [found.get(f"{key}/{target}") for key in ("seen", "seen_translations")]
    return sum(int(count) for count in counts if isinstance(count, (int, float)) and not isinstance(count, bool))


def _zero_shot(found: Mapping[str, Any], target: str) -> Optional[bool]:
    said = found.get(f"zero_shot/{target}", found.get("zero_shot"))
    if isinstance(said, Mapping):
        said = said.get(target)
    return None if said is None else bool(said)


def _checked(value: Any, measure: str, path: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ConfigurationError(f"{path}: {measure} is {value!r}, which is not a number. Evaluate again.")
    return float(value)
