"""Learning curves: what each run reported after each epoch."""

from collections.abc import Mapping, Sequence

from matplotlib.ticker import MaxNLocator

from xlamaml_allennlp.reports.figures.drawing import INK, Drawn, canvas, colour_of

Curve = Sequence[tuple[int, float]]
"""Epochs with a value."""


def learning_curves(name: str, title: str, curves: Mapping[str, Mapping[str, Sequence[Curve]]]) -> Drawn:
    """
    Draws a panel per number, a line in it per run, in the colour of its method.

    # Parameters

    name, title : `str`
        Of the figure.
    curves : `Mapping[str, Mapping[str, Sequence[Curve]]]`
        By the number's name and the method's.
    """
    methods = list(dict.fromkeys(method for by_method in curves.values() for method in by_method))
    figure, panels = canvas(1.2 + 3.6 * len(curves), 3.2 + 0.2 * len(methods), columns=len(curves))
    for axes, (number, by_method) in zip(panels, curves.items(), strict=True):
        for method, runs in by_method.items():
            for run in runs:
                colour = colour_of(methods.index(method))
                axes.plot(*zip(*run, strict=True), ".-", color=colour, alpha=0.6, linewidth=1.2, markersize=4)
        axes.set_title(number.replace("_", " "))
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(color=INK, alpha=0.12)
    for place, method in enumerate(methods):
        panels[0].plot([], [], color=colour_of(place), label=method)
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside upper left", ncols=2, frameon=False, fontsize=9)
    caption = "A line per run, as it reported after each epoch; epochs count from 0, and a single epoch is a dot."
    return Drawn(name, title, caption, figure)
