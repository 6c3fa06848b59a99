"""Replays a meta step: the run is recovered in another folder, as far as the step, and leaves a ledger there."""

import shutil
import tempfile
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

from allennlp.commands.train import train_model
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.models.archival import CONFIG_NAME
from torch.multiprocessing import ProcessRaisedException

from xlamaml_allennlp.commands.episodes.checkpoints import Start, nearest_start
from xlamaml_allennlp.commands.episodes.difference import Difference, compare
from xlamaml_allennlp.commands.episodes.recorded_run import RecordedRun
from xlamaml_allennlp.commands.episodes.stop import Stopped
from xlamaml_allennlp.provenance import Line, gaps, read_ledger

ELSEWHERE = ("tensorboard", "wandb")
"""Callbacks that would tell others of the replay as if it were the run."""
WITHOUT_CHECKPOINTS = {"save_every_num_batches": None, "save_every_num_seconds": None, "save_completed_epochs": False}


@dataclass(frozen=True)
class Replay:
    """
    What came of a replay.

    # Parameters

    step : `int`
        The meta step.
    start : `Start`
        Where it was begun.
    episodes : `list[tuple[Line, Line]]`
        The step's episodes as they were recorded, and as they were replayed.
    first, beyond : `Optional[Difference]`
        The first difference since the start, and the first that is more than rounding.
    lost : `list[tuple[int, int]]`
        The first and last of the episodes since the start that the ledger lacks.
    """

    step: int
    start: Start
    episodes: list[tuple[Line, Line]]
    first: Optional[Difference]
    beyond: Optional[Difference]
    lost: list[tuple[int, int]]

    @property
    def confirms(self) -> bool:
        """Whether every episode is there, and is what it was."""
        return self.beyond is None and not self.lost

    @property
    def outcome(self) -> str:
        """ "exact", "within rounding", "incomplete" or "differs"."""
        if self.beyond is not None:
            return "differs"
        return "incomplete" if self.lost else "exact" if self.first is None else "within rounding"

    def figures(self) -> dict[str, Any]:
        """For a JSON file."""
        names = ("support_loss", "query_loss")
        losses = [
            {"episode": one.episode, "languages": one.languages}
            | {name: {"recorded": getattr(one, name), "replayed": getattr(other, name)} for name in names}
            for one, other in self.episodes
        ]
        return {
            "step": self.step,
            "from_step": self.start.steps,
            "from": str(self.start),
            "outcome": self.outcome,
            "episodes": losses,
            "first_difference": self.first and self.first.figures(),
            "beyond_rounding": self.beyond and self.beyond.figures(),
            "missing": self.lost,
        }


def replay(run: RecordedRun, step: int, overrides: str = "", include_package: Sequence[str] = ()) -> Replay:
    """
    Replays a meta step from the nearest checkpoint before it, or from the stage's beginning. The run's folder stays as
    it is.

    # Parameters

    run : `RecordedRun`
        The run.
    step : `int`
        The meta step, counted from 1 over the whole run.
    overrides : `str`, optional (default = `""`)
        A JSON structure that overrides parts of the config, such as devices that are not there.
    include_package : `Sequence[str]`, optional (default = `()`)
        Packages that workers import.

    # Raises

    `ConfigurationError`
        If there is no such step, or the run cannot be built any more.
    """
    steps = {line.step for line in run.lines()}
    if step not in steps:
        there = f"the meta steps {min(steps)} to {max(steps)}" if steps else "none"
        raise ConfigurationError(f"--step is {step}; the ledger of {run.folder} has {there}.")
    params = Params.from_file(run.folder / CONFIG_NAME, overrides).as_dict(quiet=True)
    start = nearest_start(run, step, _workers(params))
    with tempfile.TemporaryDirectory(prefix="replay-") as temporary:
        folder = Path(temporary) / "run"
        _train(_as_far_as(step, params), run, start, folder, [*include_package, "xlamaml_allennlp"])
        replayed = [line for line in read_ledger(folder) if line.step <= step]
    numbers = {line.episode for line in replayed}
    recorded = [line for line in run.lines() if line.episode in numbers or start.steps < line.step <= step]
    known = {line.episode: line for line in recorded}
    # A power cut may have taken some: those are told by themselves, and hide no difference in the others.
    lost = gaps(sorted(known.keys() | range(1, min(numbers))), max(numbers))
    replayed = [line for line in replayed if line.episode in known]
    first, beyond = compare(recorded, replayed)
    episodes = [(known[line.episode], line) for line in replayed if line.step == step]
    return Replay(step, start, episodes, first, beyond, lost)


def _workers(params: dict[str, Any]) -> int:
    distributed = params.get("distributed") or {}
    if distributed.get("num_nodes", 1) > 1:
        raise ConfigurationError(
            f"distributed.num_nodes is {distributed['num_nodes']}: a run of several machines cannot be replayed on one."
        )
    return len(distributed.get("cuda_devices") or [0])


def _as_far_as(step: int, params: dict[str, Any]) -> dict[str, Any]:
    """The config of the replay: the run's own, with another end and nothing that is written but the ledger."""
    params = deepcopy(params)
    trainer = params["trainer"]
    callbacks = [each for each in trainer.get("callbacks") or [] if _kind(each) not in ELSEWHERE]
    trainer["callbacks"] = [*callbacks, {"type": "stop_after_step", "step": step}]
    checkpointer = trainer.get("checkpointer") or {}
    if _kind(checkpointer) in (None, "default"):
        own = {} if isinstance(checkpointer, str) else checkpointer
        trainer["checkpointer"] = {**own, **WITHOUT_CHECKPOINTS}
    return params


def _kind(component: Any) -> Any:
    return component if isinstance(component, str) else component.get("type")


def _train(params: dict[str, Any], run: RecordedRun, start: Start, folder: Path, packages: list[str]) -> None:
    if start.files:
        _lay_out(params, run, start, folder)
    try:
        train_model(Params(params), folder, recover=bool(start.files), include_package=packages)
    except Stopped:
        return
    except ProcessRaisedException as error:
        if Stopped.__name__ not in str(error):
            raise
        return
    raise ConfigurationError(f"{run.folder}: a replay of its config ends before the step.")


def _lay_out(params: dict[str, Any], run: RecordedRun, start: Start, folder: Path) -> None:
    """Makes the replay's folder look as the run's did when the checkpoint was written."""
    folder.mkdir()
    Params(deepcopy(params)).to_file(str(folder / CONFIG_NAME))
    for path in start.files:
        (folder / path.name).symlink_to(path.resolve())
    for path in run.folder.glob("metrics_epoch_*.json"):
        shutil.copy(path, folder)
    if (run.folder / "vocabulary").is_dir():
        shutil.copytree(run.folder / "vocabulary", folder / "vocabulary")
