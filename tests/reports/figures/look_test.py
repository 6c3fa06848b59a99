"""Settings look the same wherever they are shown."""

from xlamaml_allennlp.reports.figures.look import COLOURS, looks_of
from xlamaml_allennlp.reports.setting import Setting


def test_a_method_has_one_colour_and_its_settings_have_shapes_and_lines_of_their_own():
    base, hindi, swahili, other = Setting("base"), Setting("m", ("hi",)), Setting("m", ("sw",)), Setting("n", ("hi",))
    looks = looks_of([base, hindi, swahili, other])
    assert [looks[each].colour for each in (base, hindi, swahili, other)] == [COLOURS[i] for i in (0, 1, 1, 2)]
    assert len({looks[each].shape for each in looks}) == 4
    assert looks[hindi].line != looks[swahili].line


def test_methods_of_one_colour_have_other_shapes():
    looks = looks_of([Setting(str(number)) for number in range(40)])
    assert len({(each.colour, each.shape) for each in looks.values()}) == 40
