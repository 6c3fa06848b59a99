"""Compares examples by everything that is in them."""

from typing import Any

import numpy as np
import torch
from allennlp.data import Instance
from allennlp.data.fields import MetadataField

from xlamaml_allennlp.languages.examples import Examples


def contents(instance: Instance) -> dict[str, Any]:
    """Every field by its type and what it holds; arrays with their types."""
    return {name: (type(field).__name__, plain(_held(field))) for name, field in instance.fields.items()}


def everything(examples: Examples) -> list[Any]:
    """Every example: its tag and its instances."""
    rows = range(len(examples))
    return [(examples.tag(row), [contents(instance) for instance in examples.instances([row])]) for row in rows]


def _held(field: Any) -> Any:
    if isinstance(field, MetadataField):
        return field.metadata
    slots = {slot for kind in type(field).__mro__ for slot in getattr(kind, "__slots__", ())}
    return {name: getattr(field, name) for name in {*slots, *getattr(field, "__dict__", {})} if hasattr(field, name)}


def plain(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return str(value.dtype), value.tolist()
    if isinstance(value, np.ndarray):
        return str(value.dtype), value.shape, value.tolist()
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return value
