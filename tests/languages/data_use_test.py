import pytest

from xlamaml_allennlp.languages.data_use import Count, Seen


@pytest.mark.parametrize(
    ("count", "told"), [(Count(3), 3), (Count(3, 2), 3), (Count(0, 2), "unknown"), (Count(0, 0), 0)]
)
def test_a_nought_is_told_only_where_it_is_known(count, told):
    assert count.told == told


def test_counts_add_up():
    assert sum([Count(1, 2), Count(3, 0)], Count()) == Count(4, 2)


@pytest.mark.parametrize(("zero_shot", "told"), [(True, True), (False, False), (None, "unknown")])
def test_metrics_are_named_by_language(zero_shot, told):
    assert Seen(zero_shot, Count(4), Count(0, 9)).metrics("hi") == {
        "zero_shot/hi": told,
        "seen/hi": 4,
        "seen_translations/hi": "unknown",
    }
