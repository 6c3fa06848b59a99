"""Scores by target: the mean of each method with its interval, and every seed."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from xlamaml_allennlp.reports.crossed import Effect
from xlamaml_allennlp.reports.figures.drawing import INK, Drawn, canvas, legend
from xlamaml_allennlp.reports.figures.look import Look
from xlamaml_allennlp.reports.setting import Setting


def points(
    name: str,
    title: str,
    measure: str,
    looks: Mapping[Setting, Look],
    targets: Sequence[str],
    scores: Mapping[tuple[Setting, str], Mapping[int, float]],
    intervals: Mapping[tuple[Setting, str], Effect],
) -> Drawn:
    """
    Draws a band per target, a line in it per setting.

    # Parameters

    name, title : `str`
        Of the figure.
    measure : `str`
        What is measured, for the axis.
    looks : `Mapping[Setting, Look]`
        What to show, and how it looks.
    targets : `Sequence[str]`
        On what.
    scores : `Mapping[tuple[Setting, str], Mapping[int, float]]`
        In percent, by seed.
    intervals : `Mapping[tuple[Setting, str], Effect]`
        Of the means.
    """
    step = 0.8 / max(1, len(looks))
    height = max(0.3, 0.13 * len(looks)) * len(targets)
    # As wide as a phone lets it be read without scrolling; names of settings may be long, so one below the other.
    figure, (axes,) = canvas(6.5, 1.3 + 0.22 * len(looks) + height)
    for place, (setting, look) in enumerate(looks.items()):
        offset = (place - (len(looks) - 1) / 2) * step
        for row, target in enumerate(targets):
            by_seed = scores.get((setting, target), {})
            _mark(axes, look, row + offset, list(by_seed.values()), intervals.get((setting, target)))
        axes.plot([], [], look.shape, color=look.colour, label=setting.label)
    for row in range(1, len(targets)):
        axes.axhline(row - 0.5, color=INK, alpha=0.15, linewidth=0.8)
    axes.set_yticks(range(len(targets)), targets)
    axes.set_ylim(len(targets) - 0.5, -0.5)
    low, high = axes.get_xlim()
    axes.set_xlim(max(low, -1.0), min(high, 101.0))  # an interval of two seeds may be wider than what there is
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=INK, alpha=0.12)
    axes.set_axisbelow(True)
    axes.set_xlabel(f"{measure} (%)")
    legend(figure, axes)
    over = " or ".join(sorted({each.over for each in intervals.values()}))
    several = any(len(by_seed) > 1 for by_seed in scores.values())
    caption = "Filled: the mean over seeds. Strokes: every seed." if several else "One seed each."
    caption += f" Lines: the 95 % interval, over {over}." if over else ""
    return Drawn(name, title, caption, figure)


def _mark(axes: Axes, look: Look, height: float, values: Sequence[float], interval: Effect | None) -> None:
    if not values:
        return
    if len(values) > 1:
        axes.plot(values, [height] * len(values), "|", color=look.colour, alpha=0.8, markersize=8)
    if interval is not None:
        axes.plot(list(interval.interval), [height, height], color=look.colour, linewidth=1.5)
    axes.plot([sum(values) / len(values)], [height], look.shape, color=look.colour, markersize=5.5)
