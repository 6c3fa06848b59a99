import pytest
from allennlp.common import Params

from xlamaml_allennlp.languages.judged import Judged
from xlamaml_allennlp.languages.scores import Scores
from xlamaml_allennlp.languages.table import print_metrics, print_scores


def rows(labelled=True):
    scores = Scores()
    for language, rights in (("en", (1.0, 1.0, 1.0, 0.0)), ("hi", (0.0, 1.0, 0.0, 1.0))):
        for number, right in enumerate(rights):
            scores.add(Judged(language, f"{language}{number}", {"accuracy": right} if labelled else {}, {}))
    return scores.rows()


def cells(output):
    return [line.split() for line in output.splitlines() if line.strip()]


def test_the_table_has_a_line_per_language_in_percent(capsys):
    print_scores("dev.tsv", rows(), 1.25)
    lines = cells(capsys.readouterr().out)
    assert lines[0] == "Evaluation on dev.tsv".split()
    assert lines[1] == "language examples accuracy 95 % interval".split()
    # Wilson's intervals of 3 of 4 and 2 of 4.
    assert "en 4 75.0 30.1 to 95.4".split() in lines
    assert "hi 4 50.0 15.0 to 85.0".split() in lines
    assert [line[:-3] for line in lines if line[0] in ("all", "mean")] == [
        ["all", "8", "62.5"],
        ["mean", "of", "languages", "8", "62.5"],
    ]
    assert lines[-1][:2] == ["Loss", "1.2500."]


def test_where_nothing_is_labelled_the_table_says_so(capsys):
    print_scores("dev.tsv", rows(labelled=False), None)
    output = capsys.readouterr().out
    assert ["en", "4"] in cells(output)
    assert "no gold answers" in output
    assert "accuracy" not in output


def test_a_narrow_terminal_cuts_no_number(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    print_scores("dev.tsv", rows(), None)
    assert "en 4 75.0 30.1 to 95.4".split() in cells(capsys.readouterr().out)


def test_a_file_gets_no_colours_and_no_broken_lines(capsys):
    path = "a/long/folder/" * 20 + "dev.tsv"
    print_scores(Params({"en": path}), rows(), None)
    output = capsys.readouterr().out
    assert "\x1b" not in output
    assert f'Evaluation on {{"en": "{path}"}}' in output.splitlines()


@pytest.mark.parametrize("language", ["[bold]", "zh-Hant"])
def test_a_language_is_shown_as_it_is(capsys, language):
    scores = Scores()
    scores.add(Judged(language, "1", {"accuracy": 1.0}, {}))
    print_scores("dev.tsv", scores.rows(), None)
    assert cells(capsys.readouterr().out)[3][0] == language


def test_metrics_of_another_model_are_shown_as_they_are(capsys):
    print_metrics("dev.tsv", {"accuracy": 0.5, "confusion": [[1, 2]]})
    lines = cells(capsys.readouterr().out)
    assert ["accuracy", "0.5000"] in lines
    assert "confusion [[1, 2]]".split() in lines
