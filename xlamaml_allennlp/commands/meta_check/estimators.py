"""The estimators that are compared: the configured one, and the others with the same settings."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SHARED = ("lr", "num_steps", "parameters", "support_weight", "direction", "normalize")
STEPWISE = (*SHARED, "micro_batch_size")
OTHERS: dict[str, dict[str, Any]] = {
    "higher": {"type": "higher"},
    "exact": {"type": "exact"},
    "hessian_free": {"type": "hessian_free"},
    "hessian_free, central": {"type": "hessian_free", "scheme": "central"},
    "first_order": {"type": "first_order"},
}


@dataclass(frozen=True)
class Estimator:
    """
    One row of the table.

    # Parameters

    name : `str`
        What the row is called.
    keys : `Dict[str, Any]`
        Its `inner_loop`.
    precision : `str`
        Of the passes: "float32" or "bf16".
    configured : `bool`
        Whether it is what the config asks for.
    """

    name: str
    keys: dict[str, Any]
    precision: str
    configured: bool = False

    def variant(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The config with this estimator."""
        return {**params, "trainer": {**params["trainer"], "inner_loop": self.keys, "precision": self.precision}}


def settings(inner_loop: Mapping[str, Any]) -> dict[str, Any]:
    """What `exact` and `first_order` take of an `inner_loop`."""
    return {key: inner_loop[key] for key in STEPWISE if key in inner_loop}


def estimators(
    trainer: Mapping[str, Any], names: Sequence[str] = tuple(OTHERS), precisions: Sequence[str] = ()
) -> list[Estimator]:
    """
    The rows of the table, the configured one among them.

    # Parameters

    trainer : `Mapping[str, Any]`
        The config's `trainer`, its `inner_loop` a mapping.
    names : `Sequence[str]`, optional
        Which of `OTHERS` to compare with.
    precisions : `Sequence[str]`, optional
        By default float32 and what is configured.
    """
    own = dict(trainer["inner_loop"])
    precision = trainer.get("precision") or "float32"
    found = []
    for each in dict.fromkeys([*(precisions or ["float32"]), precision]):
        for name in names:
            kept = SHARED if name == "higher" else STEPWISE
            keys = {**OTHERS[name], **{key: own[key] for key in kept if key in own}}
            found.append(Estimator(name, keys, each))
    return _with_own(found, Estimator(own["type"], own, precision, configured=True))


def _with_own(others: list[Estimator], own: Estimator) -> list[Estimator]:
    same = [other for other in others if (other.precision, _plain(other.keys)) == (own.precision, _plain(own.keys))]
    if same:
        own = Estimator(same[0].name, own.keys, own.precision, configured=True)
    return [own, *(other for other in others if other not in same)]


def _plain(keys: Mapping[str, Any]) -> str:
    """Equal for equal settings, whether a default is written out or not."""
    defaults: dict[str, Any] = {"lr": 1e-5, "num_steps": 1, "parameters": None, "micro_batch_size": None}
    defaults |= {"support_weight": 0.0, "direction": "descent", "normalize": False}
    defaults |= {"learned_rates": None, "schedule": None}
    more = {"scheme": "forward", "relative_step": 1e-5} if keys["type"] == "hessian_free" else {}
    return json.dumps({**defaults, **more, **keys}, sort_keys=True)
