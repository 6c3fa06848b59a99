"""Metrics say nothing about support passes: a context in which no metric is called."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from allennlp.training.metrics import Metric


@contextmanager
def silent_metrics() -> Iterator[None]:
    """
    A context in which calling an AllenNLP `Metric`, whichever it is and whoever holds it, does nothing.

    A functional copy of a model shares the metric objects of the original, and some metrics reduce over workers
    whenever they are called. So it is the classes that fall silent: Python looks `__call__` up there, and no copy,
    lazily made metric or metric outside the modules gets around it.
    """
    loud: list[tuple[type[Metric], Callable[..., Any]]] = [
        (metric_class, vars(metric_class)["__call__"])
        for metric_class in _subclasses(Metric)
        if "__call__" in vars(metric_class)
    ]
    try:
        for metric_class, _ in loud:
            metric_class.__call__ = _nothing  # type: ignore[method-assign]
        yield
    finally:
        for metric_class, call in loud:
            metric_class.__call__ = call  # type: ignore[method-assign]


def _nothing(*args: Any, **kwargs: Any) -> None:
    pass


def _subclasses(base: type[Metric]) -> set[type[Metric]]:
    return {base}.union(*(_subclasses(subclass) for subclass in base.__subclasses__()))
