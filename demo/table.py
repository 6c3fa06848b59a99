"""What the demo measured, laid out for reading."""

from collections.abc import Mapping

from demo.task import Measure

NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "fr": "French",
    "hi": "Hindi", "ru": "Russian", "sw": "Swahili", "th": "Thai", "tr": "Turkish", "ur": "Urdu", "vi": "Vietnamese",
    "zh": "Chinese",
}  # fmt: skip
MEAN = "mean"

Scores = Mapping[str, float]
"""A measure in percent by language, and `MEAN` of the languages."""


def scores_of(metrics: Mapping[str, float], measure: Measure) -> dict[str, float]:
    """A measure per language of what `allennlp evaluate` wrote, in percent, the languages in order, the mean last."""
    prefix = f"{measure.key}/"
    found = {
        key.removeprefix(prefix): measure.scale * value for key, value in metrics.items() if key.startswith(prefix)
    }
    return {key: found[key] for key in [*sorted(found.keys() - {MEAN}), MEAN]}


def lay_out(baseline: Scores, methods: Mapping[str, Scores], roles: Mapping[str, str], guess: tuple[str, float]) -> str:
    """
    A table in text: a line per language; the baseline, and each method with its difference to the baseline.

    # Parameters

    baseline : `Scores`
        A measure before meta-training.
    methods : `Mapping[str, Scores]`
        The same after it, by the method's name.
    roles : `Mapping[str, str]`
        What a language was used for, by its code; the others were never seen in training.
    guess : `tuple[str, float]`
        What a way to guess is called, and how far one gets with it, for comparison.
    """
    width = max(map(len, NAMES.values())) + 5
    head = f"{'':{width}}{'baseline':>9}" + "".join(f"{name:>12}{'':8}" for name in methods)
    lines = [head.rstrip(), "-" * len(head)]
    for key in baseline:
        if key == MEAN:
            lines.append(lines[1])
        label = "mean" if key == MEAN else f"{key}  {NAMES.get(key, '')}"
        cells = [f"{scores[key]:12.1f}  {scores[key] - baseline[key]:+5.1f} " for scores in methods.values()]
        role = f" {roles[key]}" if key in roles else ""
        lines.append(f"{label:{width}}{baseline[key]:9.1f}{''.join(cells)}{role}".rstrip())
    lines.append(f"{guess[0]:{width}}{guess[1]:9.1f}")
    return "\n".join(lines)
