"""The colours and marks of differences."""

from xlamaml_allennlp.reports.comparison import Comparison
from xlamaml_allennlp.reports.figures.drawing import save, styled
from xlamaml_allennlp.reports.figures.heat_map import COLOURS, heat_map
from xlamaml_allennlp.reports.setting import Setting

BASE, MAML = Setting("baseline"), Setting("$maml$ <b>", ("hi",))


def test_zero_is_white_better_is_blue_and_worse_is_red():
    assert min(COLOURS(0.5)[:3]) > 0.99
    red, _, blue, _ = COLOURS(0.9)
    assert blue > red
    red, _, blue, _ = COLOURS(0.1)
    assert red > blue


def test_cells_say_what_is_significant_what_was_seen_and_what_is_missing(tmp_path):
    comparison = Comparison(MAML, BASE, "accuracy", ("de", "hi", "sw"), corrected={"de": 0.01, "hi": 0.2})
    differences = {(MAML, "de"): 2.0, (MAML, "hi"): -1.0}
    with styled():
        seen = frozenset({(MAML, "hi")})
        drawn = heat_map("h", "t", [MAML], ["de", "hi", "sw"], {MAML: comparison}, differences, seen)
        svg = save(drawn, tmp_path)
    # The mean waits for sw, and is missing as sw is.
    assert [text.get_text() for text in drawn.figure.axes[0].texts] == ["+2.0*", "-1.0†", "–", "–"]
    # A dollar begins no formula, and a tag is text.
    assert "$maml$ &lt;b&gt; (hi)" in svg
    assert {path.name for path in tmp_path.iterdir()} == {"h.pdf", "h.png"}


def test_what_is_rounded_to_zero_has_no_sign():
    with styled():
        drawn = heat_map("h", "t", [MAML], ["de"], {}, {(MAML, "de"): -0.04}, frozenset())
    assert [text.get_text() for text in drawn.figure.axes[0].texts] == ["0.0"]
