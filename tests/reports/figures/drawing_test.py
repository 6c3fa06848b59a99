"""Names of methods, which may be long, in figures as wide as a phone."""

from collections import Counter
from itertools import pairwise

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from xlamaml_allennlp.reports.figures.confusion import confusion
from xlamaml_allennlp.reports.figures.drawing import save, styled
from xlamaml_allennlp.reports.figures.look import looks_of
from xlamaml_allennlp.reports.figures.points import points
from xlamaml_allennlp.reports.setting import Setting

LONG = [
    "XLA-MAML, support loss counts, not parallel, alpha 3e-3",
    "Fine-tuning on the query examples and the support examples of all the auxiliary languages together",
    "baseline",
]


@pytest.mark.parametrize("names", [LONG, ["A", "B"]])
def test_names_in_a_legend_are_within_the_figure(names):
    settings = [Setting(name, ("hi",)) for name in names]
    scores = {(setting, "de"): {0: 60.0} for setting in settings}
    with styled():
        figure = points("x", "", "accuracy", looks_of(settings), ["de"], scores, {}).figure
        FigureCanvasAgg(figure).draw()
        (legend,) = figure.legends
        box = legend.get_window_extent()
    assert 0 <= box.x0 < box.x1 <= figure.bbox.x1
    assert 0 <= box.y0 < box.y1 <= figure.bbox.y1
    assert (legend._ncols == 2) == (names != LONG)


def test_names_above_confusions_keep_their_distance(tmp_path):
    with styled():
        drawn = confusion("x", "", {name: Counter({("yes", "no"): 1}) for name in LONG})
        save(drawn, tmp_path)
        figure = drawn.figure
        boxes = [axes.title.get_window_extent() for axes in figure.axes]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))
    assert boxes[0].x0 >= 0
    assert max(box.y1 for box in boxes) <= figure.bbox.y1
