"""Which classes are taken for which."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from xlamaml_allennlp.reports.figures.drawing import Drawn, canvas, wrapped


def confusion(name: str, title: str, counts: Mapping[str, Counter]) -> Drawn:
    """
    Draws a matrix per method, all targets and seeds together: gold classes down, predicted ones across.

    # Parameters

    name, title : `str`
        Of the figure.
    counts : `Mapping[str, Counter]`
        By method, how often (gold, predicted) was there.
    """
    labels = sorted({label for of in counts.values() for pair in of for label in pair})
    columns = min(3, len(counts))
    rows = -(-len(counts) // columns)
    names = {method: wrapped(method, 1.9) for method in counts}  # of 2.4, for these are bold
    lines = max((name.count("\n") for name in names.values()), default=0)
    figure, panels = canvas(0.9 + 2.4 * columns, 0.5 + (2.3 + 0.2 * lines) * rows, columns, rows)
    for axes in panels[len(counts) :]:
        axes.set_axis_off()
    for place, (method, of) in enumerate(counts.items()):
        matrix = np.array([[of[gold, predicted] for predicted in labels] for gold in labels], dtype=float)
        shares = 100 * matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
        axes = panels[place]
        edges = np.arange(len(labels) + 1) - 0.5
        axes.pcolormesh(edges, edges, shares, cmap="Blues", vmin=0, vmax=100, edgecolors="face")
        axes.invert_yaxis()
        axes.set_aspect("equal")
        axes.set_title(names[method], fontsize=10)
        short = [label[:7] + "." if len(label) > 8 else label for label in labels]
        axes.set_xticks(range(len(labels)), short, fontsize=8)
        axes.set_yticks(range(len(labels)), short if place % columns == 0 else [""] * len(labels), fontsize=8)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        for (row, column), share in np.ndenumerate(shares):
            colour = "white" if share > 55 else "black"
            axes.text(column, row, f"{share:.1f}", ha="center", va="center", color=colour, fontsize=9)
    caption = (
        "Of each gold class (a row), how many percent were predicted as which (a column), of all targets together."
    )
    return Drawn(name, title, caption, figure)
