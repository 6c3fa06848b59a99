"""Does the steps of a study, several at a time, whatever becomes of each."""

import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Optional, Protocol

from xlamaml_allennlp.studies.archives import Keep, release
from xlamaml_allennlp.studies.job import Job
from xlamaml_allennlp.studies.outcome import Failure, Outcome
from xlamaml_allennlp.studies.place import Here, Place
from xlamaml_allennlp.studies.standing import DONE, Standing, Standings
from xlamaml_allennlp.studies.study import Step

# Seconds between looks at what runs; and until what is interrupted has to be gone.
INTERVAL, PATIENCE = 0.5, 60.0


class View(Protocol):
    """Whom the course of a study is told to."""

    def begun(self, job: Job) -> None:
        """A step has begun."""

    def under_way(self, jobs: Sequence[Job]) -> None:
        """These steps are being done or wait for a machine; told over and over."""

    def ended(self, job: Job, succeeded: bool) -> None:
        """A step has ended."""

    def cannot(self, step: Step, why: str) -> None:
        """A step cannot be begun, for what came of others."""

    def goes_on(self, job: Job) -> None:
        """A step was killed, and will be gone on with."""

    def waits(self, step: Step) -> None:
        """Another process is at a step."""


@dataclass(frozen=True)
class Settings:
    """
    How the steps are done.

    # Parameters

    place : `Place`, optional (default = `Here()`)
        Where they run, and how many at a time.
    keep : `Literal["none", "best", "all"]`, optional (default = `"all"`)
        Which archives stay when nothing of the study needs them any more.
    packages : `Sequence[str]`, optional (default = `()`)
        What `--include-package` names.
    interval : `float`, optional (default = `0.5`)
        Seconds between looks at what runs.
    """

    place: Place = field(default_factory=Here)
    keep: Keep = "all"
    packages: Sequence[str] = ()
    interval: float = INTERVAL


class Execution:
    """
    The steps of a study that are not done, being done.

    # Parameters

    standings : `Standings`
        The study, and its folder.
    settings : `Settings`
        How.
    view : `View`
        Whom its course is told to.
    """

    def __init__(self, standings: Standings, settings: Settings, view: View) -> None:
        self._standings, self._settings, self._view = standings, settings, view
        self._jobs: dict[str, Job] = {}
        self._waiting: set[str] = set()
        self._shown: set[str] = set()
        self._kills: Counter[str] = Counter()
        self.outcome = Outcome()

    def run(self, only: Optional[Callable[[Step], bool]] = None) -> Outcome:
        """
        Does everything that is not done, or what of it `only` says; interrupted itself, it interrupts what runs.

        # Raises

        `OSError`
            If the folder cannot be written to, as where the disk is full. What was done is noted.
        `ConfigurationError`
            If another process has meanwhile made something else of a step's name.
        """
        pending = {each.step.id: each for each in self._standings.all() if each.act != DONE}
        open_ids = set(pending)
        if only is not None:
            pending = {id: each for id, each in pending.items() if only(each.step)}
        try:
            while pending or self._jobs:
                self._begin(pending, open_ids)
                for id in list(self._jobs):
                    self._look(id, pending, open_ids)
                self._view.under_way(list(self._jobs.values()))
                if self._jobs or pending:
                    time.sleep(self._settings.interval)
        finally:
            self._interrupt()
        return self.outcome

    def _begin(self, pending: dict[str, Standing], open_ids: set[str]) -> None:
        for id, standing in list(pending.items()):
            missing = [needed for needed in standing.step.needs if needed in open_ids]
            lost = next((needed for needed in missing if needed not in pending and needed not in self._jobs), None)
            if lost is not None:
                self.outcome.skipped[id] = lost
                del pending[id]
            elif not missing and self._has_room():
                self._begin_one(pending, open_ids, standing)

    def _has_room(self) -> bool:
        running = sum(job.has_begun for job in self._jobs.values())
        return self._settings.place.has_room(running, len(self._jobs) - running)

    def _begin_one(self, pending: dict[str, Standing], open_ids: set[str], standing: Standing) -> None:
        id, step = standing.step.id, standing.step
        if fault := self._standings.fault(step):
            del pending[id]
            self.outcome.failed[id] = Failure(fault)
            self._view.cannot(step, fault)
            return
        lock = self._standings.folder.lock(step)
        if lock is None:
            if id not in self._waiting:
                self._waiting.add(id)
                self._view.waits(step)
            return
        del pending[id]
        try:
            standing = self._standings.since(standing)
            if standing.act == DONE:
                os.close(lock)
                open_ids.discard(id)
                return
            self._jobs[id] = Job(standing, self._standings, lock, self._settings.place, self._settings.packages)
        except BaseException:
            os.close(lock)
            raise

    def _look(self, id: str, pending: dict[str, Standing], open_ids: set[str]) -> None:
        job = self._jobs[id]
        succeeded = job.poll()
        if id not in self._shown and (job.has_begun or succeeded is not None):
            self._shown.add(id)
            self._view.begun(job)
        if succeeded is None:
            return
        del self._jobs[id]
        self._shown.remove(id)
        if job.was_killed and not succeeded and self._kills[id] < self._settings.place.retries:
            self._kills[id] += 1
            self._view.goes_on(job)
            # What was killed with its worker may take a moment to end: it is waited for as another's step is.
            self._waiting.add(id)
            pending[id] = self._standings.of(job.step)
            return
        if succeeded:
            open_ids.discard(id)
            release(self._standings, self._settings.keep)
        else:
            self.outcome.failed[id] = Failure(str(job.log), job.again())
        self._view.ended(job, succeeded)

    def _interrupt(self) -> None:
        for job in self._jobs.values():
            job.interrupt()
        until = time.monotonic() + PATIENCE
        while self._jobs and time.monotonic() < until:
            for id, job in list(self._jobs.items()):
                if job.poll() is not None:
                    del self._jobs[id]
            time.sleep(min(0.1, self._settings.interval))
