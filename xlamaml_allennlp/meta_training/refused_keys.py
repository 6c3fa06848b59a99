"""Keys of the stock trainer that cannot work with an inner loop."""

from collections.abc import Mapping
from typing import Any, Optional, Union

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


def refuse_ledger(ledger: Union[bool, str]) -> None:
    """
    Refuses words that say nothing of a ledger.

    # Raises

    `ConfigurationError`
        With those that do.
    """
    if isinstance(ledger, str) and ledger != "gradients":
        raise ConfigurationError(f'trainer.ledger is "{ledger}"; it must be true, false or "gradients".')
