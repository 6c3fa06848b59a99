"""Whether a run may be recovered with more epochs than it was begun with."""

import inspect
import json
from pathlib import Path
from typing import Any, Optional

from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.common.registrable import Registrable
from allennlp.models.archival import CONFIG_NAME
from allennlp.training import GradientDescentTrainer
from allennlp.training.learning_rate_schedulers import LearningRateScheduler
from allennlp.training.momentum_schedulers import MomentumScheduler

SCHEDULES: dict[str, type[Registrable]] = {
    "learning_rate_scheduler": LearningRateScheduler,
    "momentum_scheduler": MomentumScheduler,
}
EPOCHS = "trainer.num_epochs"


def permit_more_epochs(params: Params, folder: Path) -> None:
    """
    Lets a run, finished or not, be recovered with a higher `num_epochs`, if all that it has done would have been the
    same: notes the number in the folder's config.json.

    # Raises

    `ConfigurationError`
        If there are fewer epochs, a schedule is laid out over all of them, or something else has been changed.
    """
    path = folder / CONFIG_NAME
    if not path.exists():
        return
    begun = Params(json.loads(path.read_text(encoding="utf-8")))
    before, now = _num_epochs(begun), _num_epochs(params)
    _check_others(_others(begun), _others(params), folder)
    if before == now:
        return
    if now < before:
        raise ConfigurationError(
            f"{EPOCHS} is {now}, and the run in {folder} was begun with {before}. A run can be recovered with more "
            f"epochs, not with fewer. Give {before} again."
        )
    for key, kind in SCHEDULES.items():
        name = _name(params["trainer"].get(key))
        if name is not None and "num_epochs" in _keys(kind, name):
            raise ConfigurationError(
                f"{EPOCHS} is {now}, and the run in {folder} was begun with {before}. Its trainer.{key}, {name}, is "
                f"laid out over all epochs: with {now}, each step so far would have been another. Give {before} again, "
                "or begin a new run in another folder; what is to be extended later must have a schedule without an "
                "end from its beginning, such as constant or step, or none."
            )
    begun["trainer"]["num_epochs"] = now
    begun.to_file(str(path))


def _check_others(begun: dict[str, Any], now: dict[str, Any], folder: Path) -> None:
    # AllenNLP does, too, and fails over a key that was not there.
    absent = object()
    changed = [key for key in sorted(begun | now) if begun.get(key, absent) != now.get(key, absent)]
    if changed:
        said = [f"{key} is {_said(now, key)} and was {_said(begun, key)}" for key in changed[:8]]
        raise ConfigurationError(
            f"The run in {folder} was begun with another configuration: {'; '.join(said)} "
            f"({len(changed)} differences). Give the one in its config.json, or begin a new run in another folder."
        )


def _said(params: dict[str, Any], key: str) -> str:
    return json.dumps(params[key]) if key in params else "absent"


def _num_epochs(params: Params) -> int:
    default = inspect.signature(GradientDescentTrainer.__init__).parameters["num_epochs"].default
    return params.get("trainer", {}).get("num_epochs", default)


def _others(params: Params) -> dict[str, Any]:
    return {key: value for key, value in params.as_flat_dict().items() if key != EPOCHS}


def _name(schedule: Any) -> Optional[str]:
    return schedule if schedule is None or isinstance(schedule, str) else schedule.get("type")


def _keys(kind: type[Registrable], name: str) -> set[str]:
    schedule, constructor = kind.resolve_class_name(name)
    return set(inspect.signature(getattr(schedule, constructor or "__init__")).parameters)
