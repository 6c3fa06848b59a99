"""Learning curves: what runs lost at each step, and what they reported after each epoch."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from xlamaml_allennlp.reports.curves import Curve, Panel, smoothed
from xlamaml_allennlp.reports.figures.drawing import INK, Drawn, canvas, legend
from xlamaml_allennlp.reports.figures.look import Look
from xlamaml_allennlp.reports.setting import Setting


def learning_curves(name: str, title: str, panels: Sequence[Panel], looks: Mapping[Setting, Look]) -> Drawn:
    """
    Draws a panel per number. A line is a setting's: the mean of its runs, each of which is a fainter one; in the colour
    of its method.

    # Parameters

    name, title : `str`
        Of the figure.
    panels : `Sequence[Panel]`
        What to draw.
    looks : `Mapping[Setting, Look]`
        How settings look.
    """
    shown = [each for each in looks if any(each in panel.curves for panel in panels)]
    width = 5.2 if len(panels) == 1 else 1.2 + 3.6 * len(panels)
    figure, axes_of = canvas(width, 3.2 + 0.22 * len(shown), columns=len(panels))
    for axes, panel in zip(axes_of, panels, strict=True):
        for place, setting in enumerate(shown):
            if setting in panel.curves:
                # The later, the thinner: of lines that coincide, such as those of two equal runs, each is seen.
                width = 1.6 + 2 * (len(shown) - 1 - place) / len(shown)
                _draw(axes, panel, panel.curves[setting], looks[setting], width)
        axes.set_title(panel.title)
        axes.set_xlabel(panel.unit)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
        axes.grid(color=INK, alpha=0.12)
    for setting in shown:
        axes_of[0].plot([], [], looks[setting].line, color=looks[setting].colour, label=setting.label)
    legend(figure, axes_of[0])
    return Drawn(name, title, " ".join(dict.fromkeys(panel.caption for panel in panels)), figure)


def _draw(axes: Axes, panel: Panel, runs: Sequence[Curve], look: Look, width: float) -> None:
    for run in runs if len(runs) > 1 else ():
        line = smoothed([run], panel.window)
        axes.plot(*zip(*line, strict=True), look.line, color=look.colour, alpha=0.3, linewidth=0.9)
    axes.plot(*zip(*smoothed(runs, panel.window), strict=True), look.line, color=look.colour, linewidth=width)
