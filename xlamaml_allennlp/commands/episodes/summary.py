"""What a ledger holds, counted."""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import nlargest, nsmallest
from statistics import fmean, median
from typing import Any, Optional

from xlamaml_allennlp.provenance import Example, Line, gaps

SIDES = ("support", "query")
SHOWN = 5
"""How many of the slowest episodes, and of the examples seen most and least."""


@dataclass
class Pair:
    """The episodes of one pair of languages: their figures, in their order."""

    support_losses: "array[float]" = field(default_factory=lambda: array("d"))
    query_losses: "array[float]" = field(default_factory=lambda: array("d"))
    cosines: "array[float]" = field(default_factory=lambda: array("d"))
    seconds: "array[float]" = field(default_factory=lambda: array("d"))

    def add(self, line: Line) -> None:
        """Counts an episode."""
        self.query_losses.append(line.query_loss)
        self.seconds.append(line.seconds)
        for values, value in ((self.support_losses, line.support_loss), (self.cosines, line.cosine)):
            if value is not None:
                values.append(value)

    def figures(self) -> dict[str, Any]:
        """Their number, and means; of the losses also over the first and the last quarter of the episodes."""
        return {
            "episodes": len(self.query_losses),
            "support_loss": _course(self.support_losses),
            "query_loss": _course(self.query_losses),
            "cosine": _mean(self.cosines),
            "seconds": _mean(self.seconds),
        }


class Summary:
    """
    Counts of a run's episodes.

    # Parameters

    lines : `Iterable[Line]`
        The ledger's lines, in their order; they are not kept.
    """

    def __init__(self, lines: Iterable[Line]) -> None:
        self.pairs: defaultdict[str, Pair] = defaultdict(Pair)
        # By side, how often each example was seen.
        self.seen: dict[str, Counter[Example]] = {side: Counter() for side in SIDES}
        self.slowest: list[Line] = []
        self.seconds = 0.0
        self.workers: set[int] = set()
        self.steps: set[int] = set()
        self._numbers = array("l")
        for line in lines:
            self._add(line)

    def _add(self, line: Line) -> None:
        self._numbers.append(line.episode)
        self.steps.add(line.step)
        self.workers.add(line.worker)
        self.seconds += line.seconds
        self.pairs[line.languages].add(line)
        for side in SIDES:
            self.seen[side].update(getattr(line, side))
        self.slowest = nlargest(SHOWN, [*self.slowest, line], key=lambda each: each.seconds)

    def figures(self) -> dict[str, Any]:
        """All counts, for a table or a JSON file."""
        both = self.seen["support"] + self.seen["query"]
        by_name = sorted(both)  # so that equal counts are told in one order
        return {
            "episodes": len(self._numbers),
            "steps": len(self.steps),
            "workers": len(self.workers),
            "seconds": self.seconds,
            "missing": gaps(self._numbers),
            "pairs": {languages: pair.figures() for languages, pair in sorted(self.pairs.items())},
            "languages": self._languages(),
            "most_seen": [self._told(each) for each in nlargest(SHOWN, by_name, key=both.__getitem__)],
            "least_seen": [self._told(each) for each in nsmallest(SHOWN, by_name, key=both.__getitem__)],
            "slowest": [
                {"episode": line.episode, "step": line.step, "languages": line.languages, "seconds": line.seconds}
                for line in self.slowest
            ],
        }

    def _languages(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for side in SIDES:
            by_language: defaultdict[str, list[int]] = defaultdict(list)
            for example, times in self.seen[side].items():
                by_language[example.language].append(times)
            for language, counts in by_language.items():
                found.setdefault(language, {})[side] = _distribution(counts)
        return dict(sorted(found.items()))

    def _told(self, example: Example) -> dict[str, Any]:
        return {**example._asdict(), **{side: self.seen[side][example] for side in SIDES}}


def _distribution(times: Sequence[int]) -> dict[str, Any]:
    """How often the examples of a language were seen in one kind of set; `times` has an entry for each."""
    return {
        "seen": sum(times),
        "examples": len(times),
        "fewest": min(times),
        "median": median(times),
        "most": max(times),
        "examples_by_times": {str(count): number for count, number in sorted(Counter(times).items())},
    }


def _course(losses: Sequence[float]) -> Optional[dict[str, float]]:
    if not losses:
        return None
    quarter = math.ceil(len(losses) / 4)
    return {"mean": fmean(losses), "first": fmean(losses[:quarter]), "last": fmean(losses[-quarter:])}


def _mean(values: Sequence[float]) -> Optional[float]:
    return fmean(values) if values else None
