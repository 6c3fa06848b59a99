"""What has been done of a study, and what is to be done about the rest."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.studies.folder import StudyFolder
from xlamaml_allennlp.studies.identity import Identities
from xlamaml_allennlp.studies.order import order
from xlamaml_allennlp.studies.study import Evaluation, Run, Step, Study

Act = Literal["done", "begin", "recover", "anew"]
DONE: Literal["done"] = "done"
# Trainers that an interruption changes nothing for.
EXACT = ("meta", "resumable")
RUNNING, INTERRUPTED, FAILED = "running", "interrupted", "failed"


@dataclass(frozen=True)
class Standing:
    """
    What to do about a step.

    # Parameters

    step : `Step`
        The step.
    act : `Literal["done", "begin", "recover", "anew"]`
        Nothing; begin; go on where it was interrupted; remove what is there and begin.
    why : `str`
        The reason, where it is not plain.
    problem : `str`
        Why it cannot be done without harm to results that are there; empty if it can.
    fault : `str`
        Why it will fail, and the others will not: what its choice of a run wants is not measured; empty if it can.
    """

    step: Step
    act: Act
    why: str = ""
    problem: str = ""
    fault: str = ""


class Standings:
    """
    Compares what a study asks for with what its folder holds.

    # Parameters

    study : `Study`
        The study.
    folder : `StudyFolder`
        Its folder.
    identities : `Identities`
        What the results must have been made from.
    replace : `bool`, optional (default = `False`)
        Whether results of something else under the same name may be removed. Otherwise they are a problem.
    """

    def __init__(self, study: Study, folder: StudyFolder, identities: Identities, replace: bool = False) -> None:
        self.study, self.folder, self.identities, self.replace = study, folder, identities, replace
        self._order = order(study)

    def all(self) -> list[Standing]:
        """Every step in the order in which they are done."""
        found = {step.id: self.of(step) for step in self._order}
        users: dict[str, str] = {}
        # From the end: whether an archive is missed depends on what comes after it.
        for step in reversed(self._order):
            is_used = isinstance(step, Run) and found[step.id].act == DONE and step.name in users
            if is_used and not self.folder.archive(step.name).exists():
                why = f"its archive is not there, and {users[step.name]} needs it"
                found[step.id] = Standing(step, "anew", why)
            if found[step.id].act != DONE:
                users |= dict.fromkeys(self.archives_of(step), step.id)
        return [self._with_choice(found[step.id], found) for step in self._order]

    def wanted(self) -> set[str]:
        """The runs whose archives are still to be used."""
        return {run for step in self._order if self.of(step).act != DONE for run in self.archives_of(step)}

    def archives_of(self, step: Step) -> set[str]:
        """The runs whose archives a step may still use: of a choice those that may be chosen."""
        if isinstance(step, Run):
            return set(step.earlier)
        if isinstance(step.run, str):
            return {step.run}
        return set(step.of) - step.run.beaten(self.measured(step))

    def measured(self, evaluation: Evaluation) -> Mapping[str, Mapping[str, float]]:
        """What the evaluations that choose the run of another have measured, those that are done."""
        found = {name: self.folder.metrics(name) for name in evaluation.judges}
        return {name: metrics for name, metrics in found.items() if metrics is not None}

    def fault(self, step: Step) -> str:
        """Why a step that chooses its run cannot, as far as what is done tells; empty of every other."""
        if isinstance(step, Run) or isinstance(step.run, str):
            return ""
        return step.run.problem(self.measured(step))

    def of(self, step: Step) -> Standing:
        """One step, wherever its archive is."""
        return self._of_run(step) if isinstance(step, Run) else self._of_evaluation(step)

    def since(self, planned: Standing) -> Standing:
        """
        What to do about a step now, for who holds it: another process may have done it since it was planned, or left
        it half-done.

        # Raises

        `ConfigurationError`
            If another process has made something else of that name.
        """
        now = self.of(planned.step)
        if now.problem:
            raise ConfigurationError(now.problem)
        is_gone = isinstance(now.step, Run) and not self.folder.archive(now.step.name).exists()
        # What is made once more for its archive is done otherwise.
        return planned if now.act == DONE and planned.act == "anew" and is_gone else now

    def _with_choice(self, standing: Standing, found: Mapping[str, Standing]) -> Standing:
        """A standing, with the reason why the step cannot choose its run: known where all that judges is done."""
        step = standing.step
        if not isinstance(step, Evaluation) or standing.act == DONE or standing.problem:
            return standing
        is_known = all(found[f"{Evaluation.kind}/{name}"].act == DONE for name in step.judges)
        fault = self.fault(step) if is_known else ""
        return replace(standing, fault=fault) if fault else standing

    def _of_run(self, run: Run) -> Standing:
        folder, state = self.folder.folder(run), self.folder.state(run)
        if state is None:
            if not folder.exists() or not any(folder.iterdir()):
                return Standing(run, "begin")
            return self._other(run, "no study has noted what it was made from")
        if differences := self.identities.changes(run, state):
            return self._other(run, " and ".join(differences))
        if state["status"] == DONE:
            return Standing(run, DONE)
        if not folder.exists():
            return Standing(run, "begin")
        trainer = run.config.get("trainer", {}).get("type", "gradient_descent")
        if trainer not in EXACT:
            return Standing(run, "anew", f"it was interrupted, and trainer {trainer} does not go on exactly")
        if not _is_json(folder / "config.json"):
            return Standing(run, "anew", "it was interrupted before it had begun")
        return Standing(run, "recover", "it failed" if state["status"] == FAILED else "it was interrupted")

    def _of_evaluation(self, evaluation: Evaluation) -> Standing:
        noted = self.folder.identity(evaluation)
        if noted is None:
            return Standing(evaluation, "begin")
        differences = self.identities.changes(evaluation, noted)
        return self._other(evaluation, " and ".join(differences)) if differences else Standing(evaluation, DONE)

    def _other(self, step: Step, why: str) -> Standing:
        if self.replace:
            return Standing(step, "anew", why)
        problem = (
            f"{self.folder.folder(step)} holds other results: {why}. Give it another name or the study another folder "
            "(-s), or let them be removed (--replace)."
        )
        return Standing(step, "anew", why, problem)


def _is_json(file: Any) -> bool:
    try:
        json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return True
