"""What is printed of counts that are made up."""

from tests.provenance.recorded import line
from xlamaml_allennlp.commands.episodes.summary import Summary
from xlamaml_allennlp.commands.episodes.tables import say_summary


def test_examples_that_were_all_seen_as_often_are_said_once(capsys):
    say_summary("run", Summary([line(1), line(2)]).figures())
    shown = capsys.readouterr().out
    assert shown.count("all seen as often: language") == 1
    assert "seen most" not in shown
    assert "seen least" not in shown
    say_summary("run", Summary([line(1), line(2, query=())]).figures())
    shown = capsys.readouterr().out
    assert shown.count("seen most: language") == shown.count("seen least: language") == 1
