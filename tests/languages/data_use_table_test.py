from xlamaml_allennlp.languages.data_use import Count, Seen
from xlamaml_allennlp.languages.data_use_table import seen_cells, seen_notes

SEEN = {
    "en": Seen(False, Count(1200), Count()),
    "hi": Seen(True, Count(), Count(3, 4)),
    "sw": Seen(None, Count(0, 9), Count(0, 9)),
}


def test_a_row_says_what_was_seen_of_its_language():
    assert seen_cells("en", SEEN) == ["no", "1,200", "0"]
    assert seen_cells("hi", SEEN) == ["yes", "0", "3+"]  # and of four more nobody can tell
    assert seen_cells("sw", SEEN) == ["unknown"] * 3


def test_all_examples_have_the_sums_and_a_mean_has_none():
    assert seen_cells("all", SEEN) == ["", "1,200+", "3+"]
    assert seen_cells("mean of languages", SEEN) == ["", "", ""]


def test_what_was_seen_is_a_warning_and_what_cannot_be_known_is_said():
    first, second, third = seen_notes(SEEN)
    assert first.startswith("Warning: of en, 1,200 of these examples and translations of 0 others were seen")
    assert second.startswith("Warning: of hi, 0 of these examples and translations of 3 others were seen")
    assert third.startswith("Not all is known of hi, sw ")
    assert seen_notes({"en": Seen(True, Count(), Count())}) == []
