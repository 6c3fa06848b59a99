"""What makes a step's results its own: equal identities, equal results."""

from collections.abc import Mapping
from typing import Any

from xlamaml_allennlp.studies.content import Contents, digest_of, inputs
from xlamaml_allennlp.studies.study import Evaluation, Run, Step, Study
from xlamaml_allennlp.version import VERSION

Identity = dict[str, Any]
# What is said where a part differs, by the part.
PARTS = {
    "config": "its config has changed",
    "data": "its data have changed",
    "code": "another version of xlamaml_allennlp made it",
    "needs": "what it goes on from has changed",
}


class Identities:
    """
    The identities of a study's steps.

    # Parameters

    study : `Study`
        The study.
    contents : `Contents`
        What the files hold.
    """

    def __init__(self, study: Study, contents: Contents) -> None:
        self._steps, self._contents = study.steps, contents
        self._known: dict[str, Identity] = {}

    def of(self, step: Step) -> Identity:
        """Digests of config and data, the version of the code, and digests of what the step needs."""
        if step.id not in self._known:
            self._known[step.id] = {
                **(self._of_run(step) if isinstance(step, Run) else self._of_evaluation(step)),
                "code": VERSION,
                "needs": {id: digest_of(self.of(self._steps[id])) for id in step.needs},
            }
        return self._known[step.id]

    def _of_run(self, run: Run) -> Identity:
        return {"config": digest_of(run.config), "data": self._contents.of_all(inputs(run.config))}

    def _of_evaluation(self, evaluation: Evaluation) -> Identity:
        chosen = "" if isinstance(evaluation.run, str) else [evaluation.run.metric, evaluation.run.minus]
        config = digest_of([sorted(evaluation.data.items()), evaluation.of, chosen])
        return {"config": config, "data": self._contents.of_all(sorted(evaluation.data.values()))}


def changes(before: Mapping[str, Any], now: Identity) -> list[str]:
    """What differs between the identity that results were made under and today's, in words."""
    return [f"{said} ({before[part]}, now {now[part]})" if part == "code" else said
            for part, said in PARTS.items() if before.get(part) != now[part]]  # fmt: skip
