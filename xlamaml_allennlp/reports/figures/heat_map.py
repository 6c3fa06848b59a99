"""Differences to the baseline: auxiliary languages down, targets across."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, Normalize

from xlamaml_allennlp.reports.comparison import Comparison, controls_of, differing_means, scope_of
from xlamaml_allennlp.reports.figures.drawing import INK, Drawn, canvas
from xlamaml_allennlp.reports.setting import Setting
from xlamaml_allennlp.reports.table import MISSING, signed

# Red, white, blue: ends that differ for colour-blind readers too, and zero is white.
COLOURS = LinearSegmentedColormap.from_list("difference", ["#8c1127", "#de7a63", "#ffffff", "#5a9fce", "#0b3d7a"])


def heat_map(
    name: str,
    title: str,
    settings: Sequence[Setting],
    targets: Sequence[str],
    compared: Mapping[Setting, Comparison],
    differences: Mapping[tuple[Setting, str], float],
    seen: frozenset[tuple[Setting, str]],
) -> Drawn:
    """
    Draws a row per setting, a column per target and one for their mean.

    # Parameters

    name, title : `str`
        Of the figure.
    settings : `Sequence[Setting]`
        The rows.
    targets : `Sequence[str]`
        The columns.
    compared : `Mapping[Setting, Comparison]`
        What is significant.
    differences : `Mapping[tuple[Setting, str], float]`
        Points above the baseline, where they are known.
    seen : `frozenset[tuple[Setting, str]]`
        Which are not zero-shot.
    """
    values = np.array([[differences.get((s, t), np.nan) for t in targets] for s in settings]).reshape(-1, len(targets))
    means = values.mean(axis=1, keepdims=True)
    grid = np.concatenate([values, means], axis=1) if len(targets) > 1 else values
    reach = max(1.0, float(np.nanmax(np.abs(grid), initial=0.0, where=~np.isnan(grid))))
    longest = max((len(setting.label) for setting in settings), default=4)
    figure, (axes,) = canvas(1.4 + 0.085 * longest + 0.52 * grid.shape[1], 1.3 + 0.36 * len(settings))
    colours = COLOURS.with_extremes(bad=(0.5, 0.5, 0.5, 0.25))
    # Cells as shapes: a picture within a page would be loaded, and blurs on paper.
    edges = [np.arange(size + 1) - 0.5 for size in reversed(grid.shape)]
    axes.pcolormesh(*edges, np.ma.masked_invalid(grid), cmap=colours, norm=Normalize(-reach, reach), edgecolors="face")
    axes.invert_yaxis()
    axes.set_xticks(range(grid.shape[1]), [*targets, *(["mean"] if len(targets) > 1 else [])])
    axes.set_yticks(range(len(settings)), [setting.label for setting in settings])
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    if len(targets) > 1:
        axes.axvline(len(targets) - 0.5, color=INK, linewidth=1.5)
    starred = {(s, t) for s, each in compared.items() for t in targets if each.significant(t)}
    starred |= {(s, "mean") for s in differing_means(compared)}
    for (row, column), value in np.ndenumerate(grid):
        key = settings[row], targets[column] if column < len(targets) else "mean"
        marks = "*" * (key in starred) + "†" * (key in seen)
        colour = INK if np.isnan(value) else "white" if abs(value) > 0.6 * reach else "black"
        text = MISSING if np.isnan(value) else signed(value, 1) + marks
        axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=8.5)
    caption = (
        f"Points above {controls_of(compared)}: blue is better, red worse, white no difference. * significant (p < "
        f"0.05 {scope_of(compared)}; Holm over the targets of a row, means over rows). † not zero-shot. – not measured."
    )
    return Drawn(name, title, caption, figure)
