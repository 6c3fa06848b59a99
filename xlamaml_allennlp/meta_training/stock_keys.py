"""The keys of the stock trainer: taken over without being written down again, and without its catch-all."""

import inspect
import json
from collections.abc import Callable, Mapping
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError
from allennlp.nn.parallel import DdpAccelerator, TorchDdpAccelerator
from allennlp.training.callbacks.backward import MixedPrecisionBackwardCallback
from allennlp.training.callbacks.confidence_checks import ConfidenceChecksCallback

_AMP = (
    "the scaler cannot reach the gradients inside the inner loop, its state is in no checkpoint, and under gradient "
    'accumulation upstream differentiates the undivided loss. Use `precision: "bf16"`.'
)
_CHECKS = (
    "they hook the model's forward pass and assume that there is one per batch; support and query passes are two or "
    "more, through functional views. Check the model once with the `gradient_descent` trainer instead."
)


OFF = {"grad_scaling": False, "run_confidence_checks": False}
"""Keys that are on in the stock trainer and must be off here."""


def closed_signature(stock: Callable[..., Any], ours: Callable[..., Any]) -> inspect.Signature:
    """
    The signature of `stock` with the keyword-only parameters of `ours`, and nothing else.

    AllenNLP reads a constructor's keys from its signature. Without the stock one's `**kwargs` a misspelt key is an
    error, where upstream would train with the default in silence.
    """
    parameters = dict(inspect.signature(stock).parameters)
    for name, default in OFF.items():
        parameters[name] = parameters[name].replace(default=default)
    for name, parameter in inspect.signature(ours).parameters.items():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            parameters[name] = parameter
    closed = [parameter for parameter in parameters.values() if parameter.kind is not inspect.Parameter.VAR_KEYWORD]
    return inspect.Signature(sorted(closed, key=lambda parameter: parameter.kind))


def close_constructors(ours: type, stock: type) -> None:
    """Gives `ours` the closed signatures of the constructors that it overrides."""
    for name in ("__init__", "from_partial_objects"):
        own, upstream = (getattr(vars(cls)[name], "__func__", vars(cls)[name]) for cls in (ours, stock))
        own.__signature__ = closed_signature(upstream, own)


def by_name(constructor: Callable[..., Any], positional: tuple[Any, ...], keys: Mapping[str, Any]) -> dict[str, Any]:
    """All arguments by their names, those given by position too; keys that the constructor does not know stay."""
    signature = inspect.signature(constructor)
    known = {name: value for name, value in keys.items() if name in signature.parameters}
    return {**keys, **signature.bind_partial(*positional, **known).arguments}


def refuse(keys: Mapping[str, Any]) -> None:
    """
    Refuses the stock keys that cannot work with an inner loop.

    # Raises

    `ConfigurationError`
        With the key and the reason.
    """
    given = [type(callback) for callback in keys.get("callbacks") or []]
    refused = [
        ("trainer.use_amp", keys.get("use_amp"), _AMP),
        ("trainer.grad_scaling", keys.get("grad_scaling"), _AMP),
        ("trainer.run_confidence_checks", keys.get("run_confidence_checks"), _CHECKS),
        ("trainer.callbacks: mixed_precision_backward", MixedPrecisionBackwardCallback in given, _AMP),
        ("trainer.callbacks: confidence_checks", ConfidenceChecksCallback in given, _CHECKS),
    ]
    for key, wanted, reason in refused:
        if wanted:
            raise ConfigurationError(f"The `meta` trainer refuses {key}: {reason}")


def check_numbers(keys: Mapping[str, Any]) -> None:
    """
    Refuses numbers that the stock trainer takes, and fails over in the middle of its work.

    # Raises

    `ConfigurationError`
        With the key, its value, and what it has to be.
    """
    for key, least in (("num_epochs", "one epoch"), ("num_gradient_accumulation_steps", "one episode per meta step")):
        value = keys.get(key, 1)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ConfigurationError(
                f"trainer.{key} is {json.dumps(value)}; it must be a whole number of at least 1 ({least})."
            )
    norm = keys.get("grad_norm", False)
    if norm is None or not (isinstance(norm, bool) or norm > 0):
        raise ConfigurationError(
            f"trainer.grad_norm is {json.dumps(norm)}; it must be a number above 0, true (report the norm) or false."
        )


def refuse_accelerator(ddp_accelerator: Optional[DdpAccelerator]) -> None:
    """
    Refuses an accelerator that splits the model or averages gradients by itself.

    # Raises

    `ConfigurationError`
        If one other than the default is given.
    """
    if ddp_accelerator is not None and type(ddp_accelerator) is not TorchDdpAccelerator:
        raise ConfigurationError(
            f"The `meta` trainer refuses distributed.ddp_accelerator {type(ddp_accelerator).__name__}: the inner loop "
            "needs the whole model on every worker, through functional views that a sharded one does not have, and "
            "the trainer averages meta-gradients itself. Leave the key out."
        )
