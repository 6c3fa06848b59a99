"""
Identities as studies noted them that were begun before digests told contents from paths: what is finished stays so.
"""

from collections.abc import Mapping
from typing import Any, Optional

from xlamaml_allennlp.studies.content import DATA_KEYS, Contents, digest_of, is_name, places, unpacked
from xlamaml_allennlp.studies.study import Run, Step, texts
from xlamaml_allennlp.version import VERSION


class EarlierIdentities:
    """
    Digests of configs and of data, with the paths in both; `None` where a file is not there.

    # Parameters

    steps : `Mapping[str, Step]`
        The study's steps, by id.
    contents : `Contents`
        What the files hold.
    """

    def __init__(self, steps: Mapping[str, Step], contents: Contents) -> None:
        self._steps, self._contents = steps, contents
        self._known: dict[str, dict[str, Any]] = {}

    def of(self, step: Step) -> dict[str, Any]:
        """What the note of a step would have said."""
        if step.id not in self._known:
            self._known[step.id] = {
                **self._parts(step),
                "code": VERSION,
                "needs": {id: self._digest(self._steps[id]) for id in step.needs},
            }
        return self._known[step.id]

    def _parts(self, step: Step) -> dict[str, Any]:
        if isinstance(step, Run):
            return {"config": digest_of(step.config), "data": self._of_all(_inputs(step.config))}
        chosen = "" if isinstance(step.run, str) else [step.run.metric, step.run.minus]
        config = digest_of([sorted(step.data.items()), step.of, chosen])
        return {"config": config, "data": self._of_all(sorted(step.data.values()))}

    def _of_all(self, paths: list[str]) -> Optional[str]:
        found = [[path, self._contents.of(path)] for path in paths]
        return None if any(digest is None for _, digest in found) else digest_of(found)

    def _digest(self, step: Step) -> Optional[str]:
        identity = self.of(step)
        return None if None in (identity["data"], *identity["needs"].values()) else digest_of(identity)


def _inputs(config: Mapping[str, Any]) -> list[str]:
    """What a run reads, data in the order of its config: a text of JSON may have any."""
    data = [path for key in DATA_KEYS for path in texts(unpacked(config.get(key)))]
    encoders = {place: path for place, path in places(config).items() if place.startswith("model.")}
    return list(dict.fromkeys([*data, *(path for place, path in encoders.items() if not is_name(place, path))]))


def is_earlier(noted: Mapping[str, Any]) -> bool:
    """Whether a note is one of these."""
    return isinstance(noted.get("data"), str)
