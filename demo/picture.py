"""The demo's heat map: what meta-learning changed, language by language."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from demo.table import MEAN, NAMES, Scores


def draw(
    path: Path, baseline: Scores, methods: Mapping[str, Scores], measure: str, lowest: float, caption: str
) -> None:
    """
    Saves two heat maps side by side: a measure (languages x baseline and methods), and differences to the baseline.

    # Parameters

    path : `Path`
        Where to, a PNG.
    baseline, methods : `Scores`, `Mapping[str, Scores]`
        As for `table.lay_out`.
    measure : `str`
        The measure's name.
    lowest : `float`
        The percentage at which the colours begin.
    caption : `str`
        A line under the maps.
    """
    keys = list(baseline)
    # Shape: (languages, 1 + methods)
    values = np.array([[scores[key] for scores in (baseline, *methods.values())] for key in keys])
    differences = values[:, 1:] - values[:, :1]
    reach = max(1.0, float(np.abs(differences).max()))
    figure = Figure(figsize=(9.5, 1.8 + 0.5 * len(keys)), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1 + len(methods), len(methods)])
    rows = ["mean" if key == MEAN else NAMES.get(key, key) for key in keys]
    _map(left, values, rows, ["baseline", *methods], "{:.1f}", cmap="viridis", vmin=lowest, vmax=100)
    left.set_title(f"{measure} (%)")
    _map(right, differences, rows, list(methods), "{:+.1f}", cmap="RdBu", vmin=-reach, vmax=reach)
    right.set_title("Difference to the baseline (points)")
    right.set_yticklabels([])
    figure.supxlabel(caption, fontsize=9)
    figure.savefig(path, dpi=150)


def _map(axes: Axes, values: np.ndarray, rows: list[str], columns: list[str], layout: str, **colours: object) -> None:
    image = axes.imshow(values, aspect="auto", **colours)  # type: ignore[arg-type]
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.axhline(len(rows) - 1.5, color="white", linewidth=3)
    for (row, column), value in np.ndenumerate(values):
        red, green, blue, _ = image.cmap(image.norm(value))
        dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
        axes.text(column, row, layout.format(value), ha="center", va="center", color="white" if dark else "black")
