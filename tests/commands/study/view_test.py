"""What a study says of its steps while they are done."""

import signal

import pytest

from tests.studies.instant import Bench, Ended, Instant, run, study


class Crashing(Instant):
    """Whose commands are ended by a signal before they can say anything."""

    def __call__(self, *arguments) -> Ended:
        return Ended(-signal.SIGSEGV)


def test_of_a_step_that_a_signal_has_ended_the_signal_is_named_for_its_log_cannot(tmp_path, capsys):
    with pytest.raises(SystemExit):
        Bench(tmp_path).do(study({"first": run()}), launch=Crashing())
    assert "runs/first FAILED after 0 s: its process was ended by SIGSEGV. The end of " in capsys.readouterr().out
