"""What makes a step's results its own: equal identities, equal results."""

from collections.abc import Mapping
from typing import Any, Optional

from xlamaml_allennlp.studies.content import Contents, digest_of, is_name, named_elsewhere, places
from xlamaml_allennlp.studies.earlier import EarlierIdentities, is_earlier
from xlamaml_allennlp.studies.folder import StudyFolder
from xlamaml_allennlp.studies.shown import shown, without_paths
from xlamaml_allennlp.studies.study import Evaluation, Run, Step, Study
from xlamaml_allennlp.version import VERSION

Identity = dict[str, Any]
# What is said where a part differs, by the part.
PARTS = {
    "config": "its config has changed",
    "data": "its data have changed",
    "code": "another version of xlamaml_allennlp made it",
    "needs": "what it goes on from has changed",
    "judges": "what chooses its run has changed",
}


class Identities:
    """
    The identities of a study's steps. A digest is `None` where a file is not there, and so unknown: it is then the one
    that the step's note has, if there is one.

    # Parameters

    study : `Study`
        The study.
    contents : `Contents`
        What the files hold.
    folder : `StudyFolder`
        Its folder, with the notes of what results were made from.
    """

    def __init__(self, study: Study, contents: Contents, folder: StudyFolder) -> None:
        self._steps, self._contents, self._folder = study.steps, contents, folder
        self._earlier = EarlierIdentities(study.steps, contents)
        self._known: dict[str, Identity] = {}

    def of(self, step: Step) -> Identity:
        """
        A digest of the config without its paths, those of data by their place in it, the version of the code, and
        digests of what the step needs; beside them the paths, for who reads it.
        """
        if step.id not in self._known:
            noted = self._folder.identity(step) or {}
            identity = {
                **(self._of_run(step, noted) if isinstance(step, Run) else self._of_evaluation(step)),
                "code": VERSION,
                "needs": {id: _digest(self.of(self._steps[id])) for id in step.needs},
            }
            self._known[step.id] = _with(noted, identity)
        return self._known[step.id]

    def changes(self, step: Step, noted: Mapping[str, Any]) -> list[str]:
        """What differs between the identity that a step's results were made under and today's, in words."""
        now = self._earlier.of(step) if is_earlier(noted) else self.of(step)
        return [f"{said} ({noted.get(part)}, now {now[part]})" if part == "code" else said
                for part, said in PARTS.items() if _differ(noted.get(part), now.get(part))]  # fmt: skip

    def _of_run(self, run: Run, noted: Mapping[str, Any]) -> Identity:
        found, before = places(run.config), noted.get("paths", {})
        # What was a folder then may be gone by now, and look like a name.
        elsewhere = {place: path for place, path in named_elsewhere(run.config).items()
                     if not is_name(place, path) or before.get(place) == path}  # fmt: skip
        every = {**found, **elsewhere}
        return {"config": digest_of(without_paths(run.config, every)), **self._of_data(every)}

    def _of_evaluation(self, evaluation: Evaluation) -> Identity:
        choice = None if isinstance(evaluation.run, str) else evaluation.run
        chosen = "" if choice is None else [choice.metric, choice.minus]
        judges = {} if choice is None else {"judges": digest_of([[each.run, each.by] for each in choice.candidates])}
        found = {f"data.{language}": path for language, path in sorted(evaluation.data.items())}
        paths = [shown(place, path) for place, path in found.items()]
        return {"config": digest_of([paths, evaluation.of, chosen]), **judges, **self._of_data(found)}

    def _of_data(self, found: Mapping[str, str]) -> Identity:
        data = {
            place: digest_of(path) if is_name(place, path) else self._contents.of(path) for place, path in found.items()
        }
        return {"data": data, "paths": dict(found)}


def _differ(before: Any, now: Any) -> bool:
    if not isinstance(now, Mapping) or not isinstance(before, Mapping):
        return now is not None and before != now
    # What is unknown on one side is no difference.
    return before.keys() != now.keys() or any(
        None not in (before[key], value) and before[key] != value for key, value in now.items()
    )


def _digest(identity: Identity) -> Optional[str]:
    """Of what decides over results; `None` if something of it is unknown."""
    known = {part: identity[part] for part in PARTS if part in identity}
    return None if None in (*known["data"].values(), *known["needs"].values()) else digest_of(known)


def _with(noted: Mapping[str, Any], identity: Identity) -> Identity:
    """An identity with what is noted in the place of what is unknown."""
    filled = dict(identity)
    for part in ("data", "needs"):
        before = noted.get(part)
        before = before if isinstance(before, Mapping) else {}
        filled[part] = {
            key: before.get(key) if value is None or _is_folder_gone(key, noted, identity) else value
            for key, value in identity[part].items()
        }
    return filled


def _is_folder_gone(place: str, noted: Mapping[str, Any], identity: Identity) -> bool:
    """Whether the same words that are the name of an encoder here were the path of a folder where the run was made."""
    path = identity["paths"].get(place)
    return path is not None and path == noted.get("paths", {}).get(place) and is_name(place, path)
