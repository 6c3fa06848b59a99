"""Forward passes of many instances, those of like length together."""

from collections.abc import Sequence
from typing import Any

import torch
from allennlp.data import Instance
from allennlp.models import Model

from xlamaml_allennlp.encoders.line import not_numbers

# Of each instance: whether the model's scores are numbers.
BROKEN = "broken"


def forwarded(model: Model, instances: Sequence[Instance], size: int) -> list[dict[str, Any]]:
    """
    What a model says of instances, in their order.

    # Parameters

    model : `Model`
        A model whose output holds its scores under names that end in "logits".
    instances : `Sequence[Instance]`
        The instances; their texts are in the field `tokens`.
    size : `int`
        How many of them share a forward pass, at least 1.

    # Returns

    `List[Dict[str, Any]]`
        Its output for each, made readable, and under "broken" whether a score is no number.
    """
    by_length = sorted(range(len(instances)), key=lambda i: len(instances[i]["tokens"]))
    outputs: list[dict[str, Any]] = [{} for _ in instances]
    # Before what is readable leaves the scores out.
    hook = model.register_forward_hook(_mark)
    try:
        for start in range(0, len(by_length), size):
            chosen = by_length[start : start + size]
            for i, output in zip(chosen, model.forward_on_instances([instances[i] for i in chosen]), strict=True):
                outputs[i] = output
    finally:
        hook.remove()
    return outputs


def sound(output: dict[str, Any]) -> dict[str, Any]:
    """
    An output of `forwarded`, if its scores are numbers.

    # Raises

    `ConfigurationError`
        If they are not.
    """
    if output[BROKEN]:
        raise not_numbers()
    return output


def _mark(model: torch.nn.Module, inputs: Any, output: dict[str, Any]) -> dict[str, Any]:
    # Shape: (batch_size, all of an instance's scores)
    scores = torch.cat([value.flatten(1) for name, value in output.items() if name.endswith("logits")], dim=1)
    # Minus infinity is what a model rules out.
    return {**output, BROKEN: (scores.isnan() | scores.isposinf()).any(dim=1)}
