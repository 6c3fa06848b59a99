"""The keys of the stock trainer: taken over without being written down again, and without its catch-all."""

import inspect
from collections.abc import Callable
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError
from allennlp.nn.parallel import DdpAccelerator, TorchDdpAccelerator
from allennlp.training.callbacks import TrainerCallback
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


def closed_signature(stock: Callable[..., Any], ours: Callable[..., Any]) -> inspect.Signature:
    """
    The signature of `stock` with the keyword-only parameters of `ours`, and nothing else.

    AllenNLP reads a constructor's keys from its signature. Without the stock one's `**kwargs` a misspelt key is an
    error, where upstream would train with the default in silence.
    """
    parameters = dict(inspect.signature(stock).parameters)
    for name, parameter in inspect.signature(ours).parameters.items():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            kind = parameters[name].kind if name in parameters else parameter.kind
            parameters[name] = parameter.replace(kind=kind)
    closed = [parameter for parameter in parameters.values() if parameter.kind is not inspect.Parameter.VAR_KEYWORD]
    return inspect.Signature(sorted(closed, key=lambda parameter: parameter.kind))


def close_constructors(ours: type, stock: type) -> None:
    """Gives `ours` the closed signatures of the constructors that it overrides."""
    for name in ("__init__", "from_partial_objects"):
        own, upstream = (getattr(vars(cls)[name], "__func__", vars(cls)[name]) for cls in (ours, stock))
        own.__signature__ = closed_signature(upstream, own)


def refuse(
    use_amp: bool, grad_scaling: bool, run_confidence_checks: bool, callbacks: Optional[list[TrainerCallback]]
) -> None:
    """
    Refuses the stock keys that cannot work with an inner loop.

    # Raises

    `ConfigurationError`
        With the key and the reason.
    """
    given = [type(callback) for callback in callbacks or []]
    refused = [
        ("trainer.use_amp", use_amp, _AMP),
        ("trainer.grad_scaling", grad_scaling, _AMP),
        ("trainer.run_confidence_checks", run_confidence_checks, _CHECKS),
        ("trainer.callbacks: mixed_precision_backward", MixedPrecisionBackwardCallback in given, _AMP),
        ("trainer.callbacks: confidence_checks", ConfidenceChecksCallback in given, _CHECKS),
    ]
    for key, wanted, reason in refused:
        if wanted:
            raise ConfigurationError(f"The `meta` trainer refuses {key}: {reason}")


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
