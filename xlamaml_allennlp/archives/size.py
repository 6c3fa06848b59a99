"""How large a network may be that somebody else's configuration describes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import torch
from allennlp.common.checks import ConfigurationError
from torch.nn.modules import module

# Modules per parameter: dropout and activations have none.
PER_PARAMETER = 20
# What any network may have beyond the weights that are there for it: a pooler, say, that is built and thrown away.
MORE_ELEMENTS, MORE_PARAMETERS = 20_000_000, 1000


@contextmanager
def at_most(elements: float, parameters: int, refuse: Callable[[str], ConfigurationError]) -> Iterator[None]:
    """
    Ends the building of networks that are larger, before a layer more is built, or filled with numbers.

    # Parameters

    elements : `float`
        The most numbers in all parameters that are built within.
    parameters : `int`
        The most parameters.
    refuse : `Callable[[str], ConfigurationError]`
        The error, of how large the network is.
    """
    count = {"elements": 0, "parameters": 0, "modules": 0}

    def count_parameter(_: torch.nn.Module, name: str, parameter: Any) -> None:
        if parameter is not None and not isinstance(parameter, torch.nn.parameter.UninitializedParameter):
            count["elements"] += parameter.numel()
            count["parameters"] += 1
            if count["elements"] > elements:
                raise refuse(f"more than {elements:,.0f} numbers")
            if count["parameters"] > parameters:
                raise refuse(f"more than {parameters:,} parameters")

    def count_module(*_: Any) -> None:
        count["modules"] += 1
        if count["modules"] > PER_PARAMETER * parameters:
            raise refuse(f"more than {PER_PARAMETER * parameters:,} modules")

    hooks = (
        module.register_module_parameter_registration_hook(count_parameter),
        module.register_module_module_registration_hook(count_module),
    )
    try:
        yield
    except RuntimeError as error:
        if "allocate memory" not in str(error):
            raise
        raise refuse("more numbers than fit in memory") from error
    finally:
        for hook in hooks:
            hook.remove()


def as_large_as(
    weights: Mapping[str, torch.Tensor], archive: str, name: str = "weights.th"
) -> AbstractContextManager[None]:
    """
    Refuses to build a network, for these weights, of more than twice their size.

    # Parameters

    weights : `Mapping[str, torch.Tensor]`
        The weights.
    archive, name : `str`
        What they are a member of, and which, for errors.
    """
    tensors = {w.untyped_storage().data_ptr(): w for w in weights.values() if isinstance(w, torch.Tensor)}
    elements = sum(weight.numel() for weight in tensors.values())

    def refuse(size: str) -> ConfigurationError:
        return ConfigurationError(
            f'{archive}: its config.json, or that of its encoder, describes a model of {size}, and its member "{name}" '
            f"has {elements:,} numbers in {len(tensors):,} parameters. Get it again."
        )

    return at_most(2 * elements + MORE_ELEMENTS, 2 * len(tensors) + MORE_PARAMETERS, refuse)
