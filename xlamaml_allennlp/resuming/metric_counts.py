"""
What a model's metrics have counted so far, so that an epoch can go on where it was interrupted.

A metric with `state_dict` and `load_state_dict` says it itself. Others, AllenNLP's for example, are looked into.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import torch
from allennlp.training.metrics import Metric
from torch import Tensor
from torch.nn import Module

from xlamaml_allennlp.resuming.plain import is_plain, plain


def metrics_of(model: Module) -> dict[str, Metric]:
    """Every metric that the model's modules hold, directly, in containers or in other metrics, by its path."""
    found: dict[str, Metric] = {}
    for name, module in model.named_modules():
        for attribute, value in vars(module).items():
            found.update(_within(f"{name}.{attribute}".lstrip("."), value))
    return found


def metric_counts(model: Module) -> dict[str, dict[str, Any]]:
    """What every metric has counted, as plain values, by the metric's path."""
    return {path: plain(_state_of(metric)) for path, metric in metrics_of(model).items()}


def restore_metric_counts(model: Module, counts: dict[str, dict[str, Any]], device: torch.device) -> None:
    """Sets the metrics to what `metric_counts` returned; paths that the model no longer has are left alone."""
    for path, metric in metrics_of(model).items():
        if path not in counts:
            continue
        if _saves_itself(metric):
            metric.load_state_dict(counts[path])  # type: ignore[attr-defined]
            continue
        for key, value in counts[path].items():
            setattr(metric, key, _restored(getattr(metric, key, None), value, device))


def _saves_itself(metric: Metric) -> bool:
    return hasattr(metric, "state_dict") and hasattr(metric, "load_state_dict")


def _state_of(metric: Metric) -> dict[str, Any]:
    if _saves_itself(metric):
        return metric.state_dict()  # type: ignore[attr-defined]
    # Attributes that are not plain (a vocabulary, say) do not change.
    return {key: value for key, value in vars(metric).items() if is_plain(value)}


def _within(path: str, value: Any) -> Iterator[tuple[str, Metric]]:
    if isinstance(value, Metric):
        yield path, value
        value = vars(value)
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _within(f"{path}.{key}", item)
    elif isinstance(value, (list, tuple)):
        for position, item in enumerate(value):
            yield from _within(f"{path}.{position}", item)


def _restored(current: Any, saved: Any, device: torch.device) -> Any:
    if isinstance(current, dict):  # in place: a defaultdict keeps its factory, also in what it holds
        current.clear()
        factory = current.default_factory if isinstance(current, defaultdict) else None
        for key, value in saved.items():
            current[key] = _restored(factory() if factory else None, value, device)
        return current
    # A number on the CPU counts along with any device; what has a shape must be where the batches are.
    return saved.to(device) if isinstance(saved, Tensor) and saved.dim() else saved
