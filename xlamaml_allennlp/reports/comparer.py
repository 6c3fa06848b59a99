"""Who is compared with whom, and what is not for want of a control that goes with it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Optional

from xlamaml_allennlp.reports.choosing import baseline_of, matched, on_same_data
from xlamaml_allennlp.reports.comparison import Comparison, compare
from xlamaml_allennlp.reports.results import Results
from xlamaml_allennlp.reports.setting import Setting


class Comparer:
    """Compares settings, and never the same two twice."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self._compare = lru_cache(maxsize=None)(lambda *key: compare(results, *key))
        # By a control's name: the settings that none of its settings goes with, and what there is of it.
        self._unmatched: dict[str, tuple[dict[Setting, None], dict[Setting, None]]] = {}

    def __call__(self, method: Setting, control: Setting, measure: str, targets: Sequence[str]) -> Comparison:
        # On a target of others alone there is nothing to miss.
        own = [t for t in targets if any(self._results.of(each, measure, t) for each in (method, control))]
        return self._compare(method, control, measure, tuple(own))

    def with_baseline(
        self, asked_baseline: str, settings: Sequence[Setting], measure: str, targets: Sequence[str]
    ) -> dict[Setting, Comparison]:
        """Each setting against the baseline of as many shots, as far as there is one that saw the same data."""
        base = baseline_of(self._results, asked_baseline)
        if base is None:
            return {}
        found = {s: self.control_of(s, asked_baseline or base.method) for s in settings if s != base}
        return {s: self(s, control, measure, targets) for s, control in found.items() if control is not None}

    def control_of(self, method: Setting, control: str) -> Optional[Setting]:
        """The setting of a control that goes with a method's; where each belongs to another setting, that is noted."""
        found = matched(self._results, method, control)
        if found is None and (others := on_same_data(self._results, method, control)):
            methods, there = self._unmatched.setdefault(control, ({}, {}))
            methods[method] = None
            there.update(dict.fromkeys(others))
        return found

    def is_unmatched(self, method: Setting, control: str) -> bool:
        """Whether a control was looked for, and what there is of it belongs to other settings."""
        return control in self._unmatched and method in self._unmatched[control][0]

    def unmatched(self) -> Iterator[str]:
        """What is not compared because its control belongs to another setting, in sentences."""
        for control, (methods, there) in self._unmatched.items():
            names, others = (", ".join(each.label for each in some) for some in (methods, there))
            yield (
                f"{names}: not compared with {control}, of which there is {others} alone, of other auxiliary languages "
                "or shots. A control of the same is taken, or one that study.json names as its row is."
            )
