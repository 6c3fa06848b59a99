"""The folder of a study: what lies where in it, and how it is written."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.studies.holding import hold
from xlamaml_allennlp.studies.study import RUNS, Evaluation, Run, Step, Study

ARCHIVE = "model.tar.gz"
METRICS = "metrics.json"
PREDICTIONS = "predictions.jsonl"
# What an evaluation was of, beside its metrics; it is written last.
RECORD = "evaluation.json"
_WAY_OUT = "Bring it back, or remove it to begin anew."


class StudyFolder:
    """
    A study on the disk: `study.json`; `runs/NAME/`, the folder that `allennlp train` wrote, and `runs/NAME.json`, its
    state; `evaluations/NAME/` with metrics, predictions and `evaluation.json`; configs, logs, locks and drafts.

    # Parameters

    path : `Path`
        The folder. It may be moved: nothing in it that a resumption reads names its place.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def folder(self, step: Step) -> Path:
        """Where the results of a step are."""
        return self.path / step.kind / step.name

    def archive(self, run: str) -> Path:
        """The archive of a run."""
        return self.path / Run.kind / run / ARCHIVE

    def config_file(self, run: Run) -> Path:
        """What `allennlp train` reads."""
        return self.path / "configs" / f"{run.name}.json"

    def log(self, step: Step) -> Path:
        """What a step said."""
        return self.path / "logs" / step.kind / f"{step.name}.log"

    def config(self, run: Run) -> Any:
        """A run's config with the paths that this folder has now."""
        return _replaced(run.config, str(self.path / Run.kind))

    def state(self, run: Run) -> Optional[dict[str, Any]]:
        """What is known of a run that was begun; `None` of another."""
        return read_object(self._state_file(run))

    def write_state(self, run: Run, state: Mapping[str, Any]) -> None:
        """Notes what is known of a run."""
        write_json(self._state_file(run), state)

    def record(self, evaluation: Evaluation) -> Optional[dict[str, Any]]:
        """What an evaluation was of; `None` if it is not done."""
        return read_object(self.folder(evaluation) / RECORD)

    def identity(self, step: Step) -> Optional[dict[str, Any]]:
        """What the results of a step were made from, as it is noted; `None` where nothing is."""
        if isinstance(step, Run):
            return self.state(step)
        record = self.record(step)
        return None if record is None else record.get("identity", {})

    def metrics(self, evaluation: str) -> Optional[dict[str, float]]:
        """What an evaluation measured; `None` if it is not done."""
        folder = self.path / Evaluation.kind / evaluation
        return read_object(folder / METRICS) if (folder / RECORD).exists() else None

    def write_study(self, study: Study, content: Mapping[str, Any]) -> None:
        """Writes `study.json`, the whole study as it was expanded, runs and evaluations by name."""
        by_name = {kind: _by_name(content.get(kind, {})) for kind in (Run.kind, Evaluation.kind)}
        write_json(self.path / "study.json", {**content, **by_name, "name": study.name})

    def lock(self, step: Step) -> Optional[int]:
        """
        A file descriptor that holds the step for this process and those that inherit it; `None` if others hold it.
        """
        path = self.path / "locks" / f"{step.kind}.{step.name}"
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = hold(path)
        if descriptor is not None and (remote := self.remote_lock(step)).exists():
            other = hold(remote)
            if other is None:
                os.close(descriptor)
                return None
            os.close(other)
        return descriptor

    def remote_lock(self, step: Step) -> Path:
        """The file by which another machine holds a step: a descriptor cannot be handed over to it."""
        return self.path / "locks" / f"{step.kind}.{step.name}.remote"

    def _state_file(self, run: Run) -> Path:
        return self.path / Run.kind / f"{run.name}.json"


def read_object(file: Path) -> Optional[dict[str, Any]]:
    """
    The object that a file of JSON holds; `None` if the file is not there.

    # Raises

    `ConfigurationError`
        If it holds something else, or is no JSON.
    """
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{file}: not JSON ({error}). {_WAY_OUT}") from error
    if not isinstance(value, dict):
        raise ConfigurationError(f"{file}: holds {type(value).__name__}, and an object is wanted. {_WAY_OUT}")
    return value


def write_json(file: Path, value: Any) -> None:
    """
    Writes a file that is there as a whole or not at all.

    # Raises

    `OSError`
        If it cannot be written; the system's word, and what was there still is.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8") as opened:
            json.dump(value, opened, indent=1, ensure_ascii=False)
            opened.write("\n")
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(file)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _replaced(value: Any, runs: str) -> Any:
    if isinstance(value, str):
        return value.replace(RUNS, runs)
    if isinstance(value, Mapping):
        return {key: _replaced(each, runs) for key, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, runs) for each in value]
    return value


def _by_name(given: Any) -> dict[str, Any]:
    if isinstance(given, Mapping):
        return dict(given)
    return {each["name"]: {key: value for key, value in each.items() if key != "name"} for each in given}
