"""The paper's numbers, as they stand in its tables."""

import pytest

from xlamaml_allennlp.reports.paper import PAPER_TABLES, paper_rows, paper_source


def test_a_row_of_table_3_is_that_of_the_paper():
    (row,) = [row for row in paper_rows("table3", "accuracy") if row.name == "zero-shot: mBERT (Ours)"]
    assert (row.values["sw"], row.values["en"], row.mean) == (51.32, 81.32, 66.48)


def test_a_language_for_which_the_paper_has_no_number_is_left_out():
    (row,) = [row for row in paper_rows("table3", "accuracy") if row.name == "zero-shot: X-MAML hi -> X"]
    assert "hi" not in row.values
    assert row.mean is None
    assert len(row.values) == 14


def test_question_answering_has_two_measures():
    by_measure = {measure: paper_rows("table4", measure)[0].values["ar"] for measure in ("f1", "em")}
    assert by_measure == {"f1": 48.88, "em": 34.73}
    assert paper_rows("table4", "accuracy") == []


@pytest.mark.parametrize(
    ("table", "measure", "names"),
    [
        ("table5", "accuracy", ["XLM-R base", "XLA-MAML hi", "X-MAML hi", "XLA-MAML bg+de"]),
        ("table6", "f1", ["hi random", "hi covering", "ar+hi random", "ar+hi covering"]),
        ("table7", "accuracy", ["hi not parallel", "hi parallel", "bg+de not parallel", "bg+de parallel"]),
    ],
)
def test_rows_say_what_they_are_of(table, measure, names):
    assert [row.name for row in paper_rows(table, measure)] == names


def test_the_source_is_named_for_every_table():
    assert "tables 3 to 7" in paper_source()
    assert len(PAPER_TABLES) == 5
