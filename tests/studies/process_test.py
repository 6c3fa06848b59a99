"""Processes that end when the study does, and a study that is stopped."""

import os
import signal
import stat
import sys
import time
from pathlib import Path
from typing import Optional

import pytest

from tests.studies.counts import wait_until
from tests.studies.instant import Bench, run, study
from xlamaml_allennlp.commands.study.view import StudyView
from xlamaml_allennlp.studies import process
from xlamaml_allennlp.studies.process import Command


@pytest.fixture
def shell(tmp_path, monkeypatch):
    """Has commands run by a script of the shell, in the place of Python."""

    def write(text: str) -> None:
        script = tmp_path / "python"
        script.write_text(f"#!/bin/sh\n{text}\n")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(process.sys, "executable", str(script))

    return write


def ended(command: Command) -> int:
    while (code := command.poll()) is None:
        time.sleep(0.01)
    return code


def test_a_command_is_called_as_a_user_would_and_what_it_says_is_appended_to_its_log(shell, tmp_path):
    shell('echo "$@" $COLOUR; echo trouble >&2; exit 3')
    log = tmp_path / "logs" / "a.log"
    for _ in range(2):
        assert ended(Command(["train", "x.json"], log, {"COLOUR": "blue"}, [])) == 3
    assert log.read_text() == 2 * "-m xlamaml_allennlp train x.json blue\ntrouble\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_peak_memory_is_the_commands_own(shell, tmp_path):
    shell("sleep 0.2")
    command = Command([], tmp_path / "a.log", {}, [])
    ended(command)
    assert command.peak_memory_mb is not None
    # A shell; this process, with torch in it, has a hundred times as much.
    assert 0 < command.peak_memory_mb < 50


def test_a_command_that_is_interrupted_gets_the_chance_to_clean_up(shell, tmp_path):
    shell('trap "echo cleaned; exit 5" TERM; echo began; while :; do sleep 0.01; done')
    log = tmp_path / "a.log"
    command = Command([], log, {}, [])
    while "began" not in log.read_text():
        time.sleep(0.01)
    command.interrupt()
    assert ended(command) == 5
    assert log.read_text() == "began\ncleaned\n"


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it runs to its end")
def test_a_command_ends_when_the_study_is_killed(shell, tmp_path):
    shell('echo $$ > "$2"; exec sleep 60')
    note = tmp_path / "pid"
    study_process = os.fork()
    if study_process == 0:
        # $0 is the script, -m its first argument.
        process.sys.executable = str(tmp_path / "python")
        (tmp_path / "python").write_text(f"#!/bin/sh\necho $$ > {note}.part; mv {note}.part {note}; exec sleep 60\n")
        Command([], tmp_path / "a.log", {}, [])
        time.sleep(60)
        os._exit(0)
    wait_until(note.exists)
    os.kill(study_process, signal.SIGKILL)
    os.waitpid(study_process, 0)
    wait_until(lambda: not Path(f"/proc/{int(note.read_text())}").exists())


class Endless:
    """A command that runs until it is interrupted."""

    began = 0.0
    peak_memory_mb = None

    def __init__(self, *arguments) -> None:
        self.code: Optional[int] = None
        Path(arguments[0][3]).mkdir(parents=True)
        Path(arguments[0][3], "config.json").write_text("{}")

    def poll(self):
        return self.code

    def interrupt(self) -> None:
        self.code = -signal.SIGTERM


def test_a_study_that_is_stopped_stops_what_runs_and_goes_on_there(tmp_path, monkeypatch):
    bench = Bench(tmp_path)
    content = study({"a": run(), "b": run()})
    with monkeypatch.context() as patched:
        patched.setattr(StudyView, "under_way", lambda self, jobs: signal.raise_signal(signal.SIGINT))
        with pytest.raises(SystemExit, match=r"Stopped\. The same command goes on"):
            bench.do(content, launch=Started())
    assert bench.launch.called == ["a"]
    assert bench.do(content) == ["train a --recover", "train b"]


class Started:
    """Starts endless commands, and remembers of what."""

    def __init__(self) -> None:
        self.called: list[str] = []

    def __call__(self, arguments, *more) -> Endless:
        self.called.append(Path(arguments[1]).stem)
        return Endless(arguments, *more)
