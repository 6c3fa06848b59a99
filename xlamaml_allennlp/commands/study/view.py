"""The course of a study on a terminal, or in the file that takes its place."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Optional

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from xlamaml_allennlp.commands.study.listing import duration
from xlamaml_allennlp.resuming import children
from xlamaml_allennlp.studies.bars import end_of, last_bar
from xlamaml_allennlp.studies.job import Job
from xlamaml_allennlp.studies.study import Step


class StudyView(AbstractContextManager):
    """
    A line when a step begins, with its command, and one when it ends; on a terminal also a bar for the study and one
    for each step under way.

    # Parameters

    console : `Console`
        Where to.
    count : `int`
        Steps to be done.
    """

    def __init__(self, console: Console, count: int) -> None:
        self._console, self._count, self._number = console, count, 0
        columns = [TextColumn("{task.description}", markup=False), BarColumn(24), TextColumn("{task.fields[said]}")]
        # Refreshed by hand: threads and the start of processes do not go together.
        self._progress = Progress(
            *columns, TimeElapsedColumn(), console=console, auto_refresh=False, disable=not console.is_terminal
        )
        self._study = self._progress.add_task("study", total=count, said="")
        self._bars: dict[str, TaskID] = {}

    def __enter__(self) -> "StudyView":
        self._progress.start()
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self._progress.stop()

    def begun(self, job: Job) -> None:
        """Says what begins, and by which command."""
        self._number += 1
        self._say(f"{self._number}/{self._count}  {job.step.title}")
        self._say(f"     $ {job.command}")
        self._bars[job.step.id] = self._progress.add_task(job.step.name, total=100, said="starting")

    def under_way(self, jobs: Sequence[Job]) -> None:
        """Draws the bars anew."""
        if not self._progress.disable:
            waiting = sum(not job.has_begun for job in jobs)
            self._progress.update(self._study, said=f"{waiting} waiting for a machine" if waiting else "")
            for job in jobs:
                if job.has_begun and (bar := last_bar(job.log)):
                    self._progress.update(self._bars[job.step.id], completed=bar.percent, said=bar.measured)
            self._progress.refresh()

    def ended(self, job: Job, succeeded: bool) -> None:
        """Says what came of a step; of one that failed the end of its log."""
        self._progress.remove_task(self._bars.pop(job.step.id))
        self._progress.advance(self._study)
        if succeeded:
            self._say(f"     {duration(job.seconds)}: {job.step.id}")
        else:
            # Who is ended by a signal has no time to say so in the log.
            why = f": its process {children.end_of(job.code)}" if job.code is not None and job.code < 0 else ""
            self._say(f"     {job.step.id} FAILED after {duration(job.seconds)}{why}. The end of {job.log}:")
            self._say(_indented(end_of(job.log)))

    def cannot(self, step: Step, why: str) -> None:
        """Says what a step cannot be begun for."""
        self._progress.advance(self._study)
        self._say(f"     {step.id} FAILED: {why}")

    def goes_on(self, job: Job) -> None:
        """Says that a step was killed."""
        self._number -= 1
        self._progress.remove_task(self._bars.pop(job.step.id))
        self._say(f"     {job.step.id} was killed after {duration(job.seconds)}; it will go on. The end of {job.log}:")
        self._say(_indented(end_of(job.log, lines=3)))

    def waits(self, step: Step) -> None:
        """Says that somebody else is at a step."""
        self._say(f"     {step.id}: another process is at it; it is waited for.")

    def _say(self, text: str) -> None:
        # In a narrow terminal lines go on below, so that a command can be copied.
        self._console.print(Text(text), soft_wrap=True)


def _indented(text: str) -> str:
    return "\n".join(f"       {line}" for line in text.splitlines())
