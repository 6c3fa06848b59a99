"""A demo ends with a table of each measure, a picture, and what its task has to show besides."""

import json

import pytest

from demo import program
from demo.nli import Nli
from demo.plan import Plan
from demo.qa.task import Qa


def measured(task, runs):
    """A plan whose evaluations are done: English 50, Hindi 40, and one point more by each method."""
    for gain, name in enumerate(["english", "x_maml", "xla_maml", "word_overlap"]):
        found = {"en": 50.0 + gain, "hi": 40.0 + gain, "mean": 45.0 + gain}
        metrics = {f"{m.key}/{key}": value / m.scale for m in task.measures for key, value in found.items()}
        (runs / f"{name}.metrics.json").write_text(json.dumps(metrics))
    (runs / "answers.txt").write_text("questions and answers")
    return Plan(task, folder=runs)


@pytest.mark.parametrize("task", [Nli(), Qa()], ids=lambda task: type(task).__name__)
def test_each_measure_has_its_table_and_the_last_one_its_picture(task, tmp_path, capsys):
    program._report(measured(task, tmp_path))
    shown = capsys.readouterr().out
    tables = (tmp_path / "table.txt").read_text()
    assert tables in shown
    assert [line.split(" on the test ")[0].lower() for line in tables.splitlines() if " on the test " in line] == [
        measure.name.lower() for measure in task.measures
    ]
    assert tables.count("hi  Hindi") == len(task.measures)
    assert (tmp_path / "heatmap.png").is_file()


def test_question_answering_shows_answers_and_its_guesses(tmp_path, capsys):
    program._report(measured(Qa(), tmp_path))
    shown = capsys.readouterr().out
    assert shown.endswith("questions and answers\n")
    assert [line.split()[-1] for line in shown.splitlines() if line.startswith("word overlap")] == ["48.0", "48.0"]


def test_what_to_try_next_repeats_the_users_choices(tmp_path):
    advice = program._next(Plan(Qa(), folder=tmp_path, encoder="my encoder"))
    assert f"-m demo.qa --encoder 'my encoder' --output {tmp_path} --query ru" in advice
    assert f"predict {tmp_path}/xla_maml/model.tar.gz questions.jsonl" in advice
