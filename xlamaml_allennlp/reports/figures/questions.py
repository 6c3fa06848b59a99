"""Where question answering fails: by question word, and by the answer's length."""

from collections.abc import Mapping, Sequence

from xlamaml_allennlp.reports.figures.drawing import INK, Drawn, canvas, legend
from xlamaml_allennlp.reports.figures.look import Look
from xlamaml_allennlp.reports.setting import Setting

Bins = Mapping[str, tuple[float, int]]
"""By a bin's name: the mean of a measure in percent, and how many questions."""


def questions(
    name: str,
    title: str,
    measure: str,
    looks: Mapping[Setting, Look],
    panels: Mapping[str, Mapping[Setting, Bins]],
    kinds: Mapping[str, Sequence[str]],
) -> Drawn:
    """
    Draws a panel per way to sort questions, in it a mark per bin and setting.

    # Parameters

    name, title : `str`
        Of the figure.
    measure : `str`
        What is measured, for the axes.
    looks : `Mapping[Setting, Look]`
        What to show, and how it looks.
    panels : `Mapping[str, Mapping[Setting, Bins]]`
        By the way to sort and by setting.
    kinds : `Mapping[str, Sequence[str]]`
        The bins of each way, in order.
    """
    figure, axes_of = canvas(1.2 + 3.4 * len(panels), 3.4 + 0.2 * len(looks), columns=len(panels))
    for axes, (way, by_setting) in zip(axes_of, panels.items(), strict=True):
        bins = [kind for kind in kinds[way] if any(kind in of for of in by_setting.values())]
        step = 0.6 / len(looks)
        for place, (setting, look) in enumerate(looks.items()):
            of = by_setting[setting]
            offset = (place - (len(looks) - 1) / 2) * step
            there = [(of[kind][0], row + offset) for row, kind in enumerate(bins) if kind in of]
            axes.plot(*zip(*there, strict=True), look.shape, color=look.colour, markersize=5)
        counts = {kind: max(of[kind][1] for of in by_setting.values() if kind in of) for kind in bins}
        axes.set_yticks(range(len(bins)), [f"{kind} ({counts[kind]:,})" for kind in bins], fontsize=9)
        axes.set_ylim(len(bins) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color=INK, alpha=0.12)
        axes.set_title(way)
        axes.set_xlabel(f"{measure} (%)")
    for setting, look in looks.items():
        axes_of[0].plot([], [], look.shape, color=look.colour, label=setting.label)
    legend(figure, axes_of[0])
    caption = (
        "Means over all targets, and over seeds where there are several; in brackets how many questions. Where a "
        "language's question words are not known, the English translation tells, if there is one. Lengths are of the "
        "shortest gold answer, in characters."
    )
    return Drawn(name, title, caption, figure)
