"""Where forks of a process that has imported everything do not work, and what they draw anew."""

import os
import threading
from collections.abc import Callable

import numpy
import pytest
import torch

from xlamaml_allennlp.studies.everything import check_that_forks_work, renew

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def said_by_a_fork(say: Callable[[], str]) -> str:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, say().encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        said = told.read()
    os.waitpid(child, 0)
    return said


def checked() -> str:
    try:
        check_that_forks_work()
    except SystemExit as error:
        return str(error)
    return "they work"


def with_a_thread() -> str:
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    return checked()


def test_a_process_with_threads_of_its_own_is_not_forked():
    assert said_by_a_fork(checked) == "they work"
    assert said_by_a_fork(with_a_thread).startswith("Nothing is forked off a process with threads: ")


def drawn() -> str:
    renew()
    return f"{numpy.random.randint(2**31)} {torch.randint(2**62, ()).item()}"


def test_forks_draw_numbers_of_their_own_until_they_are_seeded():
    first, second = said_by_a_fork(drawn).split(), said_by_a_fork(drawn).split()
    assert first[0] != second[0]
    assert first[1] != second[1]
