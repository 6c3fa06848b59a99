"""Where the steps of a study run: on this machine, each a process of its own; or as a place of another kind says."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Protocol

from xlamaml_allennlp.studies.process import Command, Launch, Process
from xlamaml_allennlp.studies.study import Step


@dataclass(frozen=True)
class Call:
    """
    A command of AllenNLP that does a step.

    # Parameters

    arguments : `Sequence[str]`
        What follows `python -m xlamaml_allennlp`.
    log : `Path`
        What it says is appended to it.
    lock : `int`
        The descriptor by which this machine holds the step.
    remote_lock : `Path`
        The file by which another machine holds it.
    """

    arguments: Sequence[str]
    log: Path
    lock: int
    remote_lock: Path


class Place(Protocol):
    """Where steps run."""

    @property
    def retries(self) -> int:
        """How often a step that was killed is gone on with. One that fails by itself is not."""
        ...

    def has_room(self, running: int, waiting: int) -> bool:
        """Whether another step should be started, beside those that run and those that wait for a machine."""
        ...

    def start(self, step: Step, call: Call) -> Process:
        """Starts a step, or has it wait for a machine."""
        ...


class Here:
    """
    This machine: so many processes at a time, which share out its cores.

    # Parameters

    jobs : `int`, optional (default = `1`)
        Steps at a time.
    retries : `int`, optional (default = `0`)
        How often a step that was killed is gone on with. What kills here is mostly a lack of memory, which stays.
    launch : `Launch`, optional (default = `Command`)
        What starts a process.
    """

    def __init__(self, jobs: int = 1, retries: int = 0, launch: Launch = Command) -> None:
        self.retries = retries
        self._jobs, self._launch = jobs, launch

    def has_room(self, running: int, waiting: int) -> bool:
        """Whether there are fewer than may be."""
        return running + waiting < self._jobs

    def start(self, step: Step, call: Call) -> Process:
        """Starts its process, which holds the step for as long as it lasts."""
        threads = (os.cpu_count() or 1) // self._jobs
        return self._launch(call.arguments, call.log, environment(threads), [call.lock])


def environment(threads: Optional[float]) -> Mapping[str, str]:
    """Variables of every process: who sets the number of threads for the study sets it for its steps."""
    number = os.environ.get("OMP_NUM_THREADS", str(max(1, int(threads or 1))))
    return {"TOKENIZERS_PARALLELISM": "false", "PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": number}
