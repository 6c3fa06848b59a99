"""Where question answering fails: by question word, and by the answer's length."""

from collections.abc import Mapping, Sequence

from xlamaml_allennlp.reports.figures.drawing import INK, Drawn, canvas, colour_of, shape_of

Bins = Mapping[str, tuple[float, int]]
"""By a bin's name: the mean of a measure in percent, and how many questions."""


def questions(
    name: str, title: str, measure: str, panels: Mapping[str, Mapping[str, Bins]], kinds: Mapping[str, Sequence[str]]
) -> Drawn:
    """
    Draws a panel per way to sort questions, in it a mark per bin and method.

    # Parameters

    name, title : `str`
        Of the figure.
    measure : `str`
        What is measured, for the axes.
    panels : `Mapping[str, Mapping[str, Bins]]`
        By the way to sort and by method.
    kinds : `Mapping[str, Sequence[str]]`
        The bins of each way, in order.
    """
    methods = list(next(iter(panels.values())))
    figure, axes_of = canvas(1.2 + 3.4 * len(panels), 3.4 + 0.2 * len(methods), columns=len(panels))
    for axes, (way, by_method) in zip(axes_of, panels.items(), strict=True):
        bins = [kind for kind in kinds[way] if any(kind in of for of in by_method.values())]
        step = 0.6 / len(methods)
        for place, method in enumerate(methods):
            of = by_method[method]
            offset = (place - (len(methods) - 1) / 2) * step
            there = [(of[kind][0], row + offset) for row, kind in enumerate(bins) if kind in of]
            axes.plot(*zip(*there, strict=True), shape_of(place), color=colour_of(place), markersize=5)
        counts = {kind: max(of[kind][1] for of in by_method.values() if kind in of) for kind in bins}
        axes.set_yticks(range(len(bins)), [f"{kind} ({counts[kind]:,})" for kind in bins], fontsize=9)
        axes.set_ylim(len(bins) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color=INK, alpha=0.12)
        axes.set_title(way)
        axes.set_xlabel(f"{measure} (%)")
    for place, method in enumerate(methods):
        axes_of[0].plot([], [], shape_of(place), color=colour_of(place), label=method)
    figure.legend(*axes_of[0].get_legend_handles_labels(), loc="outside upper left", ncols=2, frameon=False, fontsize=9)
    caption = (
        "Means over all targets and seeds; in brackets how many questions. Where a language's question words are not "
        "known, the English translation tells, if there is one. Lengths are of the shortest gold answer, in characters."
    )
    return Drawn(name, title, caption, figure)
