"""The demo says which command it runs, shows how far it is, and does not hide an error."""

import pytest

from demo import command
from demo.command import CommandFailed, allennlp, progress_line


def test_a_log_without_a_bar_shows_nothing():
    assert progress_line("2024-01-01 - INFO - reading") is None


def test_the_last_bar_of_a_log_is_drawn_with_what_it_measures():
    log = (
        "INFO - tqdm - accuracy: 0.3333, batch_loss: 1.1000, loss: 1.0986 ||:   1%|          | 1/100\n"
        "INFO - tqdm - accuracy: 0.62, batch_loss: 0.5, loss: 0.8123, support_loss: 0.7 ||:  50%|#####     | 50/100\n"
    )
    assert progress_line(log) == "[############------------]  50 %  accuracy 0.62  loss 0.81  support loss 0.70"


def test_a_bar_of_question_answering_is_drawn_with_its_measures():
    log = "em: 12.5, f1: 30.25, batch_loss: 4.1, loss: 5.25 ||:  25%|##5       | 1/4 [00:01<00:03,  1.3s/it]\n"
    assert progress_line(log) == "[######------------------]  25 %  em 12.50  f1 30.25  loss 5.25"


def test_a_failed_command_shows_itself_and_the_end_of_its_log(tmp_path, capsys):
    log = tmp_path / "logs" / "train.log"
    with pytest.raises(CommandFailed, match=r"nowhere\.jsonnet") as failure:
        allennlp("train", str(tmp_path / "nowhere.jsonnet"), "-s", str(tmp_path / "run"), log=log)
    assert f"-m xlamaml_allennlp train {tmp_path}/nowhere.jsonnet" in capsys.readouterr().out
    assert str(log) in str(failure.value)


def test_paths_of_the_project_are_shown_as_one_would_type_them_there(tmp_path):
    assert command.shown(command.ROOT / "demo" / "runs") == "demo/runs"
    assert command.shown(tmp_path) == str(tmp_path)
