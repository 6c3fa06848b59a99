"""Commands that are forked off a process that has imported everything, as if each were a new interpreter."""

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from tests.studies import acting
from tests.studies.counts import wait_until
from xlamaml_allennlp.studies import fork_server_process, process
from xlamaml_allennlp.studies.fork_server import Fork, ForkServer
from xlamaml_allennlp.studies.holding import hold
from xlamaml_allennlp.studies.process import Command, Process

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each command is a new interpreter"),
]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """Commands are called here, where this package is another one, which imports nothing."""
    package = tmp_path / "xlamaml_allennlp"
    (package / "studies").mkdir(parents=True)
    for name in ("__init__.py", "studies/__init__.py"):
        (package / name).touch()
    for name in ("__main__.py", "command_line.py", "studies/everything.py"):
        shutil.copy(acting.__file__, package / name)
    for module in (fork_server_process, process):
        shutil.copy(str(module.__file__), package / "studies")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    return tmp_path


@pytest.fixture
def forking() -> Iterator[ForkServer]:
    with ForkServer() as server:
        yield server


def ended(command: Process) -> int:
    while (code := command.poll()) is None:
        time.sleep(0.005)
    return code


def last(launch, name: str, *locks: int) -> tuple[Process, Path]:
    """A command that lasts until it is told to end, and the file that has its number."""
    note = Path(name)
    command = launch(["last", name], Path(f"{name}.log"), {}, locks)
    wait_until(note.exists)
    return command, note


def test_a_fork_says_and_ends_as_a_new_interpreter_does(forking):
    codes = {"exit": 3, "raise": 1, "be killed": -signal.SIGKILL, "be stopped": -signal.SIGINT, "return": 0}
    for act, code in codes.items():
        for launch in (forking, Command):
            assert ended(launch([act, "x"], Path(f"{launch is Command}.log"), {}, [])) == code
    forked, new = (Path(f"{name}.log").read_text() for name in (False, True))
    # What imports say is said once. Tracebacks have the forking process below them.
    assert forked.startswith("imported\nexit x in white\nleads a session: True, reads ''\n")
    for text in (
        "imported",
        " in white",
        "leads a session: True, reads ''",
        "KeyError: 'nothing'",
        "KeyboardInterrupt",
    ):
        assert forked.count(text) == new.count(text) + (text == "imported")


def test_a_fork_is_named_for_its_step_and_has_a_peak_of_its_own(forking):
    command, note = last(forking, "xla-hi-0")
    assert isinstance(command, Fork)
    assert Path(f"/proc/{note.read_text()}/comm").read_text() == "xla-hi-0\n"
    note.with_suffix(".end").touch()
    assert ended(command) == 7
    assert command.peak_memory_mb is not None
    # Python; this process, with torch in it, has ten times as much.
    assert 0 < command.peak_memory_mb < 80


def test_a_fork_that_is_interrupted_gets_the_chance_to_clean_up(forking):
    command, _ = last(forking, "a")
    command.interrupt()
    assert ended(command) == 5
    assert Path("a.log").read_text().endswith("cleaned\n")
    command.interrupt()  # nobody is there any more


def test_a_lock_lasts_as_long_as_the_fork_that_it_was_given_to(forking):
    commands = []
    for name in "ab":
        lock = hold(Path(f"{name}.lock"))
        assert lock is not None
        commands.append(last(forking, name, lock))
        os.close(lock)
    assert hold(Path("a.lock")) is None
    os.kill(int(commands[0][1].read_text()), signal.SIGKILL)
    assert ended(commands[0][0]) == -signal.SIGKILL
    # The process that forked it lasts, and so does the other fork.
    assert hold(Path("a.lock")) is not None
    assert hold(Path("b.lock")) is None
    commands[1][0].interrupt()
    assert ended(commands[1][0]) == 5


def test_forks_outlive_what_forked_them_and_the_next_command_is_a_new_interpreter(forking):
    command, note = last(forking, "a")
    assert forking._server is not None
    forking._server.kill()
    forking._server.wait()
    assert ended(forking(["exit"], Path("b.log"), {}, [])) == 3
    assert "From here on each is a new interpreter.\nexit " in Path("b.log").read_text()
    assert ended(forking(["exit"], Path("c.log"), {}, [])) == 3
    assert Path("c.log").read_text().startswith("exit ")
    note.with_suffix(".end").touch()
    assert ended(command) == 7


def test_where_imports_fail_each_command_is_a_new_interpreter_and_the_reason_is_in_the_log(forking, folder):
    (folder / "fails").touch()
    assert ended(forking(["exit"], Path("a.log"), {}, [])) == 3
    assert Path("a.log").read_text().startswith("imported\nit fails\nWhat commands are forked off is gone.")


def test_a_command_with_other_variables_is_a_new_interpreter(forking):
    for colour, kind in (("blue", Fork), ("red", Command), ("blue", Fork)):
        command = forking(["exit"], Path("a.log"), {"COLOUR": colour}, [])
        assert isinstance(command, kind)
        ended(command)
        assert f"exit  in {colour}\n" in Path("a.log").read_text()


def test_where_there_is_a_gpu_each_command_is_a_new_interpreter(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    with ForkServer() as launch:
        assert ended(launch(["exit"], Path("a.log"), {}, [])) == 3
    assert Path("a.log").read_text().startswith("exit ")


def test_a_command_that_the_study_was_stopped_at_while_everything_was_imported_never_begins(forking, folder):
    (folder / "waits").touch()

    def interrupt(*_):
        signal.setitimer(signal.ITIMER_REAL, 0)
        raise KeyboardInterrupt

    # Ctrl-C when the study waits for the fork; again, as users do, where it came just before the wait.
    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            forking(["exit", "first"], Path("a.log"), {}, [])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    (folder / "waits").unlink()
    assert ended(forking(["exit", "second"], Path("a.log"), {}, [])) == 3
    assert "second" in Path("a.log").read_text()
    assert "first" not in Path("a.log").read_text()


def test_forks_and_what_forks_them_end_when_the_study_is_killed(folder):
    study = os.fork()
    if study == 0:
        server = ForkServer()
        last(server, "a")
        assert server._server is not None
        (folder / "server.part").write_text(str(server._server.pid))
        (folder / "server.part").rename(folder / "server")
        time.sleep(60)
        os._exit(0)
    wait_until((folder / "server").exists)
    os.kill(study, signal.SIGKILL)
    os.waitpid(study, 0)
    for note in ("server", "a"):
        wait_until(lambda note=note: not Path(f"/proc/{int((folder / note).read_text())}").exists())
    assert (folder / "a.log").read_text().endswith("cleaned\n")
