"""The work of an evaluation: what `allennlp evaluate` is called with, and what is noted of it."""

import json
import shutil
from typing import Any, Optional

from xlamaml_allennlp.studies.folder import METRICS, PREDICTIONS, RECORD, StudyFolder, write_json
from xlamaml_allennlp.studies.identity import Identity
from xlamaml_allennlp.studies.standing import DONE, Standings
from xlamaml_allennlp.studies.study import Evaluation, Run

# A config of this project says so itself.
PER_LANGUAGE = '{"evaluation": {"type": "per_language"}}'


class Evaluating:
    """
    An archive that is being evaluated.

    # Parameters

    evaluation : `Evaluation`
        The evaluation.
    run : `Run`
        The run whose archive it is.
    folder : `StudyFolder`
        The study's folder.
    identity : `Identity`
        What it is made from.
    """

    def __init__(self, evaluation: Evaluation, run: Run, folder: StudyFolder, identity: Identity) -> None:
        self.evaluation, self.run, self._folder, self._identity = evaluation, run, folder, identity
        self._results = folder.folder(evaluation)
        self._draft = folder.path / "drafts" / evaluation.name
        device = run.config.get("trainer", {}).get("cuda_device")
        where = [] if device is None else ["--cuda-device", str(device)]
        how = [] if "evaluation" in run.config else ["-o", PER_LANGUAGE]
        data = json.dumps(dict(evaluation.data), ensure_ascii=False)
        self.shown = ["evaluate", str(folder.archive(run.name)), data, *where, *how]
        files = {"--output-file": METRICS, "--predictions-output-file": PREDICTIONS}
        outputs = [part for option, name in files.items() for part in (option, str(self._draft / name))]
        self.arguments = [*self.shown, *outputs]
        self.interrupted = False

    def begin(self, command: str, started: float) -> None:
        """Makes room."""
        shutil.rmtree(self._draft, ignore_errors=True)
        self._draft.mkdir(parents=True)

    def begun(self, command: str, started: float) -> None:
        """Nothing is known of it before it is done."""

    def end(self, succeeded: bool, command: str, seconds: float, peak_memory_mb: Optional[float]) -> bool:
        """Puts the results in their place, with a record of what they are of; whether they are there."""
        if not succeeded or not (self._draft / METRICS).exists():
            shutil.rmtree(self._draft, ignore_errors=True)
            return False
        record = {
            "run": self.run.name,
            **described(self.evaluation, self.run),
            "archive": str(self._folder.archive(self.run.name)),
            "command": command,
            "seconds": round(seconds, 1),
            "peak_memory_mb": peak_memory_mb,
            "identity": self._identity,
        }
        write_json(self._draft / RECORD, record)
        shutil.rmtree(self._results, ignore_errors=True)
        self._results.parent.mkdir(exist_ok=True)
        self._draft.replace(self._results)
        return True


def described(evaluation: Evaluation, run: Run) -> dict[str, Any]:
    """What the study file alone says of an evaluation, and no result depends on: for reports."""
    return {
        "method": evaluation.method or run.method,
        **{key: list(getattr(run, key)) for key in ("auxiliary", "support", "query")},
        "seed": run.seed,
        "shots": run.shots,
        "targets": dict(evaluation.data),
    }


def describe_anew(standings: Standings) -> None:
    """Has the record of every evaluation that is done say what the study file says of it now."""
    study, folder = standings.study, standings.folder
    for evaluation in study.evaluations.values():
        if standings.of(evaluation).act == DONE:
            record = folder.record(evaluation) or {}
            now = {**record, **described(evaluation, study.runs[record["run"]])}
            if now != record:
                write_json(folder.folder(evaluation) / RECORD, now)
