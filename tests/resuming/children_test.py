"""A process that is stopped for long is given up, and not one that was stopped together with who looks."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator

import pytest

from xlamaml_allennlp.resuming import children
from xlamaml_allennlp.resuming.children import Patience, end_of, is_stopped

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


@pytest.fixture
def process() -> Iterator[multiprocessing.process.BaseProcess]:
    started = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
    started.start()
    yield started
    started.kill()
    started.join()


def sent(process, number: int, stopped: bool) -> None:
    os.kill(process.pid, number)
    end = time.time() + 10
    while is_stopped(process) != stopped:
        assert time.time() < end
        time.sleep(0.01)


def test_a_process_is_stopped_until_it_goes_on_or_ends(process):
    assert not is_stopped(process)
    sent(process, signal.SIGSTOP, True)
    assert is_stopped(process)  # asking takes nothing away
    sent(process, signal.SIGCONT, False)
    sent(process, signal.SIGSTOP, True)
    sent(process, signal.SIGKILL, False)


def test_patience_is_over_after_twenty_seconds_of_being_stopped_that_were_seen(process, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(children.time, "monotonic", lambda: now[0])
    patience, over = Patience(), []

    def look(seconds: float) -> None:
        now[0] += seconds
        over.append(patience.is_over(process))

    sent(process, signal.SIGSTOP, True)
    for _ in range(5):
        look(5)  # found at 105, and for 0, 5, 10, 15 and 20 s
    assert over == [False, False, False, False, True]
    look(3600)  # an hour in which nobody looked: Ctrl-Z
    for _ in range(3):
        look(5)
    assert over[5:] == [False, False, False, False]
    look(5)
    assert over[-1]
    sent(process, signal.SIGCONT, False)
    look(5)
    assert not over[-1]


@pytest.mark.parametrize(
    ("code", "said"),
    [(-9, "was ended by SIGKILL"), (-250, "was ended by signal 250"), (3, "ended with exit code 3")],
)
def test_exit_codes_are_said_in_words(code, said):
    assert end_of(code) == said
