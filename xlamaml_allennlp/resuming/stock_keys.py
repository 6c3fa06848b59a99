"""The keys of the stock trainer: taken over without being written down again, and without its catch-all."""

import functools
import inspect
import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from allennlp.common.checks import ConfigurationError

Trainers = TypeVar("Trainers", bound=type)


def with_stock_keys(**defaults: Any) -> Callable[[Trainers], Trainers]:
    """
    A class decorator: the constructors take the keys of the class above, those of their own, and no others.

    AllenNLP reads a constructor's keys from its signature. Without the stock trainer's `**kwargs` a misspelt key is an
    error, where upstream would train with the default in silence. Both `__init__` and `from_partial_objects` must be
    written with `**stock`, and get every argument by its name, however it was given. Keys of its own `__init__` alone
    has to name.

    # Parameters

    defaults : `Any`
        Defaults other than those of the class above.
    """

    def close(trainer: Trainers) -> Trainers:
        keys = _own_keys(vars(trainer)["__init__"])
        for name in ("__init__", "from_partial_objects"):
            stock, own = (_function(vars(each)[name]) for each in (trainer.__base__, trainer))
            closed = _closed_signature(stock, {**keys, **_own_keys(own)}, defaults)
            taken = _by_name(own, closed, defaults, name != "__init__")
            setattr(trainer, name, taken if name == "__init__" else classmethod(taken))
        return trainer

    return close


def _function(method: Any) -> Callable[..., Any]:
    return getattr(method, "__func__", method)


def _own_keys(constructor: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    parameters = inspect.signature(constructor).parameters
    return {name: each for name, each in parameters.items() if each.kind is inspect.Parameter.KEYWORD_ONLY}


def _closed_signature(
    stock: Callable[..., Any], own: Mapping[str, inspect.Parameter], defaults: Mapping[str, Any]
) -> inspect.Signature:
    parameters = dict(inspect.signature(stock).parameters)
    for name, default in defaults.items():
        parameters[name] = parameters[name].replace(default=default)
    parameters.update(own)
    closed = [parameter for parameter in parameters.values() if parameter.kind is not inspect.Parameter.VAR_KEYWORD]
    return inspect.Signature(sorted(closed, key=lambda parameter: parameter.kind))


def _by_name(
    own: Callable[..., Any], signature: inspect.Signature, defaults: Mapping[str, Any], keeps_others: bool
) -> Callable[..., Any]:
    first = next(iter(signature.parameters))

    @functools.wraps(own)
    def constructor(*positional: Any, **keys: Any) -> Any:
        # Keys of a subclass go on to its own __init__, which knows them or refuses them.
        others = {name: value for name, value in keys.items() if keeps_others and name not in signature.parameters}
        known = {name: value for name, value in keys.items() if name not in others}
        arguments = dict(signature.bind(*positional, **known).arguments)
        return own(arguments.pop(first), **{**defaults, **arguments, **others})

    constructor.__signature__ = signature  # type: ignore[attr-defined]
    return constructor


def check_numbers(keys: Mapping[str, Any]) -> None:
    """
    Refuses numbers that the stock trainer takes, and fails over in the middle of its work.

    # Raises

    `ConfigurationError`
        With the key, its value, and what it has to be.
    """
    for key, least in (("num_epochs", "one epoch"), ("num_gradient_accumulation_steps", "one batch per step")):
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
