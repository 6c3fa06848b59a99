"""The work of a run: what `allennlp train` is called with, and what is noted of it."""

import re
import shutil
from pathlib import Path
from typing import Any, Optional

from xlamaml_allennlp.studies.content import sources_digest
from xlamaml_allennlp.studies.folder import ARCHIVE, StudyFolder, write_json
from xlamaml_allennlp.studies.identity import Identity
from xlamaml_allennlp.studies.standing import DONE, FAILED, INTERRUPTED, RUNNING, Act
from xlamaml_allennlp.studies.study import Run

# What a finished run's folder holds beside its archive, which has the best weights, and that nothing reads again.
CHECKPOINTS = re.compile(r"(model|training|worker)_state_.*\.th|best\.th")
MB = 1e6
# What `allennlp train` is told where something is there already.
HOW: dict[Act, list[str]] = {"recover": ["--recover"], "anew": ["--force"]}


class Training:
    """
    A run that is being trained.

    # Parameters

    run : `Run`
        The run.
    folder : `StudyFolder`
        The study's folder.
    identity : `Identity`
        What it is made from.
    act : `Literal["done", "begin", "recover", "anew"]`
        Whether it begins, goes on where it was interrupted, or begins when what is there is removed.
    """

    def __init__(self, run: Run, folder: StudyFolder, identity: Identity, act: Act) -> None:
        self.run, self._folder, self._identity, self._recover = run, folder, identity, act == "recover"
        self._spent = _seconds_before(run, folder) if self._recover else 0.0
        self._results = folder.folder(run)
        target = [str(folder.config_file(run)), "-s", str(self._results)]
        self.arguments = ["train", *target, *HOW.get(act, [])]
        self.shown = self.arguments
        self.interrupted = False

    def begin(self, command: str, started: float) -> None:
        """Makes room, writes the config with the paths that the folder has now, and notes that it is under way."""
        config = self._folder.config(self.run)
        write_json(self._folder.config_file(self.run), config)
        if self._recover:
            # The folder may have been moved since it was interrupted.
            write_json(self._results / "config.json", config)
        elif self._results.exists():
            shutil.rmtree(self._results)
        self._note(RUNNING, command, self._spent, started=started)

    def begun(self, command: str, started: float) -> None:
        """Notes when it really began, where it had to wait for a machine: so long it took nothing."""
        self._note(RUNNING, command, self._spent, started=started)

    def end(self, succeeded: bool, command: str, seconds: float, peak_memory_mb: Optional[float]) -> bool:
        """Notes what came of it, and removes the checkpoints of a finished one; whether it is finished."""
        succeeded = succeeded and all((self._results / name).exists() for name in (ARCHIVE, "metrics.json"))
        largest = size_of(self._results)
        if succeeded:
            for path in self._results.iterdir():
                if CHECKPOINTS.fullmatch(path.name):
                    path.unlink()
        self._note(
            DONE if succeeded else INTERRUPTED if self.interrupted else FAILED,
            command,
            self._spent + seconds,
            peak_memory_mb=peak_memory_mb,
            largest_mb=round(largest / MB, 3),
            kept_mb=round(size_of(self._results) / MB, 3),
            archive_mb=round(size_of(self._folder.archive(self.run.name)) / MB, 3),
        )
        return succeeded

    def _note(self, status: str, command: str, seconds: float, **more: Any) -> None:
        state = {**self._identity, "sources": sources_digest(), "status": status, "command": command}
        self._folder.write_state(self.run, {**state, "seconds": round(seconds, 1), **more})


def size_of(folder: Path) -> int:
    """The bytes of a file, or of all files in a folder."""
    return sum(path.stat().st_size for path in (folder, *folder.rglob("*")) if path.is_file())


def _seconds_before(run: Run, folder: StudyFolder) -> float:
    """What earlier attempts took; of one that was killed, up to the last word of its log."""
    state, log = folder.state(run) or {}, folder.log(run)
    seconds: float = state.get("seconds", 0.0)
    if state.get("status") == RUNNING and log.exists():
        seconds += max(0.0, log.stat().st_mtime - state["started"])
    return seconds
