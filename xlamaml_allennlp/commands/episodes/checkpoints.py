"""Which of a run's checkpoints a replay can start from."""

import logging
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import torch

from xlamaml_allennlp.commands.episodes.recorded_run import RecordedRun
from xlamaml_allennlp.files.whole_file import damage

logger = logging.getLogger(__name__)

_MODEL = re.compile(r"model_state_e(\d+)_b(\d+)\.th")


class Start(NamedTuple):
    """
    Where a replay starts from.

    # Parameters

    steps : `int`
        The meta steps that were completed there.
    files : `tuple[Path, ...]`, optional (default = `()`)
        Those of the checkpoint, the model's first; none at the stage's beginning.
    """

    steps: int
    files: tuple[Path, ...] = ()

    def __str__(self) -> str:
        if not self.files:
            return "the stage's beginning"
        return f"the checkpoint after step {self.steps} ({self.files[0].name})"


def nearest_start(run: RecordedRun, step: int, workers: int) -> Start:
    """
    The last whole checkpoint before a meta step, or else the stage's beginning. A damaged one is named in the log.

    # Parameters

    run : `RecordedRun`
        The run.
    step : `int`
        The meta step that is to be replayed.
    workers : `int`
        How many workers the run has; all but the first have a file of their own in each checkpoint.
    """
    for files in _checkpoints(run.folder, workers):
        problems = [f"{path}: {problem}." for path in files if (problem := damage(str(path)))]
        if problems:
            logger.warning("A damaged checkpoint is passed over. %s", " ".join(problems))
        elif (steps := _steps_completed(files[1])) < step:
            return Start(int(steps), files)
    return Start(0)


def _checkpoints(folder: Path, workers: int) -> Iterator[tuple[Path, ...]]:
    """The files of each complete checkpoint, the latest first: the model's, the trainer's, and the workers'."""
    found = filter(None, (_MODEL.fullmatch(path.name) for path in folder.iterdir()))
    for epochs, batches in sorted(((int(each[1]), int(each[2])) for each in found), reverse=True):
        moment = f"e{epochs}_b{batches}"
        names = [f"model_state_{moment}.th", f"training_state_{moment}.th"]
        names += [f"worker_state_{moment}_w{rank}.th" for rank in range(1, workers)]
        files = tuple(folder / name for name in names)
        if all(map(Path.is_file, files)):
            yield files


def _steps_completed(training_state: Path) -> float:
    # The optimizer's tensors, which are most of the file, stay on the disk.
    state = torch.load(training_state, map_location="cpu", weights_only=True, mmap=True)
    return state.get("run", {}).get("steps_of_run", math.inf)  # the stock trainer's checkpoints do not tell
