"""How a setting is called, in every table and figure."""

from xlamaml_allennlp.reports.setting import Setting


def test_the_auxiliary_languages_are_told_apart_from_a_methods_last_word():
    assert Setting("XLA-MAML, inner step off", ("hi",)).label == "XLA-MAML, inner step off (hi)"
    assert Setting("X-MAML", ("bg", "de"), 8).label == "X-MAML (bg+de), 8 shots"
    assert Setting("baseline", (), "dev").label == "baseline, shots dev"
