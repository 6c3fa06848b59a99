"""Scores by target."""

from xlamaml_allennlp.reports.crossed import BOTH, EXAMPLES, Effect
from xlamaml_allennlp.reports.figures.look import looks_of
from xlamaml_allennlp.reports.figures.points import points
from xlamaml_allennlp.reports.setting import Setting

BASE, MAML = Setting("base"), Setting("maml", ("hi",))


def drawn(shown, by_seed, over):
    looks = looks_of([BASE, MAML])
    effect = Effect(60.0, 1.0, 0.5, len(by_seed), 10, 30, over)
    of_shown = {each: looks[each] for each in shown}
    scores = {(each, "de"): by_seed for each in shown}
    return points("p", "t", "accuracy", of_shown, ["de"], scores, dict.fromkeys(scores, effect))


def test_a_setting_has_its_colour_also_where_it_is_shown_alone():
    both, alone = (drawn(shown, {0: 60.0}, EXAMPLES).figure.axes[0] for shown in ([BASE, MAML], [MAML]))
    colours = [{line.get_label(): line.get_color() for line in axes.lines} for axes in (both, alone)]
    assert colours[0]["maml (hi)"] == colours[1]["maml (hi)"] != colours[0]["base"]


def test_the_caption_speaks_of_seeds_where_there_are_several():
    one, two = (drawn([MAML], of, over) for of, over in (({0: 60.0}, EXAMPLES), ({0: 60.0, 1: 61.0}, BOTH)))
    assert one.caption == "One seed each. Lines: the 95 % interval, over examples only."
    assert "the mean over seeds" in two.caption
    # A stroke for each of several seeds; one seed is its mark alone.
    assert [line.get_marker() for line in one.figure.axes[0].lines].count("|") == 0
    assert [line.get_marker() for line in two.figure.axes[0].lines].count("|") == 1
