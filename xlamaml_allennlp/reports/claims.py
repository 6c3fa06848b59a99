"""What the comparisons say, in sentences."""

from collections.abc import Sequence

from xlamaml_allennlp.reports.comparison import Comparison, holm
from xlamaml_allennlp.reports.crossed import BOTH, EXAMPLES, Effect
from xlamaml_allennlp.reports.power import LEVEL
from xlamaml_allennlp.reports.table import signed

SCOPES = {
    BOTH: "over other seeds and examples",
    EXAMPLES: "for these trained models only: one seed tells nothing of the method",
}


def claims(comparisons: Sequence[Comparison]) -> list[str]:
    """
    A sentence per comparison of the mean of the targets, and one for each gain over one control that is not shown to be
    more than another gains. p is corrected by Holm for as many comparisons; so is the level of the smallest difference.

    # Parameters

    comparisons : `Sequence[Comparison]`
        What was compared.
    """
    told = [each for each in comparisons if _overall(each) is not None]
    corrected = holm({str(place): _effect(each).p for place, each in enumerate(told)})
    ps = [corrected[str(place)] for place in range(len(told))]
    # What Holm asks of the smallest p: a larger difference is found in spite of the correction.
    level = LEVEL / max(len(told), 1)
    return [_sentence(each, p, level) for each, p in zip(told, ps, strict=True)] + _vanishing(told, ps)


def _overall(comparison: Comparison) -> Effect | None:
    only = next(iter(comparison.effects.values())) if len(comparison.effects) == 1 else None
    return comparison.mean or only


def _effect(comparison: Comparison) -> Effect:
    effect = _overall(comparison)
    assert effect is not None
    return effect


def _sentence(comparison: Comparison, p: float, level: float) -> str:
    effect = _effect(comparison)
    where = f"mean of {len(comparison.effects)} targets" if comparison.mean else next(iter(comparison.effects))
    verdict = "They differ" if p < LEVEL else "They are not shown to differ"
    low, high = effect.interval
    scope = SCOPES.get(effect.over, "over other seeds, on these examples")
    return (
        f"{comparison.method.label} − {comparison.control.label}, {comparison.measure}, {where}: "
        f"{signed(effect.difference, 2)} points ({signed(low, 2)} to {signed(high, 2)}), p = {p:.2g} (Holm), "
        f"{effect.seeds} seed{'s' if effect.seeds > 1 else ''}. {verdict}, {scope}. {_power(effect.smallest(level))}"
    )


def _power(smallest: float) -> str:
    if smallest == 0:
        return "The two answered alike."
    if smallest > 100:
        return "Such a study is too small to find any difference."
    return f"Such a study finds differences of {smallest:.2f} points and more."


def _vanishing(told: Sequence[Comparison], ps: Sequence[float]) -> list[str]:
    """Gains over one control that another control has as well."""
    won = [each for each, p in zip(told, ps, strict=True) if p < LEVEL and _effect(each).difference > 0]
    even = [each for each, p in zip(told, ps, strict=True) if p >= LEVEL or _effect(each).difference <= 0]
    return [
        f"The gain of {one.method.label} over {one.control.label} ({signed(_effect(one).difference, 2)}) is not shown "
        f"to be more than {other.control.label} gains: against it, {signed(_effect(other).difference, 2)} "
        f"({other.measure})."
        for one in won
        for other in even
        if (one.method, one.measure) == (other.method, other.measure)
    ]
