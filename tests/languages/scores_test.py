import pytest

from xlamaml_allennlp.languages.judged import Judged
from xlamaml_allennlp.languages.scores import Scores


def scores_of(*examples):
    scores = Scores()
    for language, id, values in examples:
        scores.add(Judged(language, id, values, {}))
    return scores.rows()


def test_rows_are_the_languages_all_examples_and_the_mean_of_the_languages():
    # en: 3 of 4 right; hi: 0 of 1. Over all examples 3/5, mean of the languages (3/4 + 0) / 2.
    rights = [("hi", "1", 0.0), ("en", "1", 1.0), ("en", "2", 0.0), ("en", "3", 1.0), ("en", "4", 1.0)]
    rows = scores_of(*((language, id, {"accuracy": value}) for language, id, value in rights))
    assert [(row.name, row.examples) for row in rows] == [("en", 4), ("hi", 1), ("all", 5), ("mean of languages", 5)]
    assert [row.estimates["accuracy"].mean for row in rows] == pytest.approx([0.75, 0.0, 0.6, 0.375])


def test_every_measure_has_its_own_mean():
    rows = scores_of(("en", "1", {"em": 0.0, "f1": 0.5}), ("en", "2", {"em": 1.0, "f1": 1.0}))
    assert {name: estimate.mean for name, estimate in rows[0].estimates.items()} == {"em": 0.5, "f1": 0.75}


def test_examples_without_gold_are_counted_and_have_no_value():
    rows = scores_of(("en", "1", {}), ("hi", "1", {}))
    assert [(row.name, row.examples, row.estimates) for row in rows] == [
        ("en", 1, {}), ("hi", 1, {}), ("all", 2, {}), ("mean of languages", 2, {}),
    ]  # fmt: skip
