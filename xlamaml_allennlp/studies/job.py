"""A step under way."""

import os
import shlex
import signal
import time
from collections.abc import Sequence
from typing import Optional, Union

from xlamaml_allennlp.studies.evaluating import Evaluating
from xlamaml_allennlp.studies.place import Call, Place
from xlamaml_allennlp.studies.standing import Standing, Standings
from xlamaml_allennlp.studies.study import Run
from xlamaml_allennlp.studies.training import Training

PYTHON = ("python", "-m", "xlamaml_allennlp")


class Job:
    """
    A step that is being done by a process of its own, or waits for a machine.

    # Parameters

    standing : `Standing`
        The step, and what to do about it.
    standings : `Standings`
        The study that it belongs to.
    lock : `int`
        The descriptor that holds the step, for this process and the one that does it.
    place : `Place`
        Where that process runs.
    packages : `Sequence[str]`, optional (default = `()`)
        What `--include-package` names.
    """

    def __init__(
        self, standing: Standing, standings: Standings, lock: int, place: Place, packages: Sequence[str] = ()
    ) -> None:
        self.step, self.log = standing.step, standings.folder.log(standing.step)
        self.seconds = 0.0
        # Its exit code, below 0 that of a signal; `None` until it has ended.
        self.code: Optional[int] = None
        self._lock, self._standings = lock, standings
        self._work = work_of(standing, standings)
        included = self._included = [part for name in packages for part in ("--include-package", name)]
        self.command = shlex.join([*PYTHON, *self._work.shown, *included])
        self._work.begin(self.command, time.time())
        self.log.parent.mkdir(parents=True, exist_ok=True)
        # The log of all attempts, one after the other.
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {self.command}\n")
        arguments = [*self._work.arguments, *included, "--file-friendly-logging"]
        self._process = place.start(self.step, Call(arguments, self.log, lock, standings.folder.remote_lock(self.step)))
        self._waits = self._process.began is None

    @property
    def has_begun(self) -> bool:
        """Whether it no longer waits for a machine."""
        return self._process.began is not None

    @property
    def was_killed(self) -> bool:
        """Whether it has ended by SIGKILL, or with its machine."""
        return self.code == -signal.SIGKILL

    def poll(self) -> Optional[bool]:
        """Whether it has succeeded; `None` while it runs. When it says so its results are in their place."""
        code = self._process.poll()
        if self._waits and self._process.began is not None:
            self._waits = False
            self._work.begun(self.command, self._process.began)
        if code is None:
            return None
        self.code = code
        self.seconds = time.time() - self._process.began if self._process.began is not None else 0.0
        try:
            return self._work.end(code == 0, self.command, self.seconds, self._process.peak_memory_mb)
        finally:
            os.close(self._lock)

    def again(self) -> str:
        """The command that does it once more, of one that has failed: by now something is there."""
        work = work_of(self._standings.of(self.step), self._standings)
        return shlex.join([*PYTHON, *work.shown, *self._included])

    def interrupt(self) -> None:
        """Asks it to stop."""
        self._work.interrupted = True
        self._process.interrupt()


def work_of(standing: Standing, standings: Standings) -> Union[Training, Evaluating]:
    """What a step takes; of an evaluation that chooses its run, the run is chosen here."""
    step, identity = standing.step, standings.identities.of(standing.step)
    if isinstance(step, Run):
        return Training(step, standings.folder, identity, standing.act)
    run = step.run if isinstance(step.run, str) else step.run.chosen(standings.measured(step))
    return Evaluating(step, standings.study.runs[run], standings.folder, identity)
