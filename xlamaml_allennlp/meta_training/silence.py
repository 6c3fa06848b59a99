"""Nobody counts support passes: a model that asks is told so, and the metrics of any other are not called."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from allennlp.training.metrics import Metric

from xlamaml_allennlp.adaptation import module_of


@contextmanager
def not_counting(net: Callable[..., Any]) -> Iterator[None]:
    """
    A context in which no metric hears of the passes of a network.

    # Parameters

    net : `Callable[..., Any]`
        The model, or what stands in for it. One whose class has a method `not_counting` next to its `forward`, which
        makes such a context, asks for itself whether anybody counts, and does without what is for metrics alone. Of any
        other model, every metric falls silent.
    """
    model = module_of(net)
    asked = getattr(model, "not_counting", None)
    if asked is None:
        with silent_metrics():
            yield
    elif _asks_in_forward(type(model)):
        with asked():
            yield
    else:
        with asked(), silent_metrics():
            yield


def _asks_in_forward(model_class: type) -> bool:
    """Whether the `forward` of a class is not newer than its `not_counting`: a subclass may count on its own."""
    for base in model_class.__mro__:
        if "not_counting" in vars(base):
            return True
        if "forward" in vars(base):
            return False
    return False


_silent: ContextVar[bool] = ContextVar("silent", default=False)
_lock = threading.Lock()
_listening: dict[type[Metric], tuple[Callable[..., Any], Callable[..., Any]]] = {}
_contexts = 0


@contextmanager
def silent_metrics() -> Iterator[None]:
    """
    A context in which calling an AllenNLP `Metric`, whichever it is and whoever holds it, does nothing. Those of
    another thread, of another run perhaps, go on.

    A functional copy of a model shares the metric objects of the original, and some metrics reduce over workers
    whenever they are called. So it is the classes that fall silent: Python looks `__call__` up there, and no copy,
    lazily made metric or metric outside the modules gets around it.
    """
    _listen()
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)
        _stop_listening()


def _listen() -> None:
    """Makes every metric class ask whether it may speak; the first context begins, and the last one ends it."""
    global _contexts
    with _lock:
        _contexts += 1
        for metric_class in _subclasses(Metric):
            call = vars(metric_class).get("__call__")
            if call is not None and metric_class not in _listening:
                _listening[metric_class] = call, _unless_silent(call)
                metric_class.__call__ = _listening[metric_class][1]  # type: ignore[method-assign]


def _stop_listening() -> None:
    global _contexts
    with _lock:
        _contexts -= 1
        if _contexts:
            return
        for metric_class, (call, asking) in _listening.items():
            # Who has put another in its place meanwhile keeps it.
            if vars(metric_class)["__call__"] is asking:
                metric_class.__call__ = call  # type: ignore[method-assign]
        _listening.clear()


def _unless_silent(call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def speak(*args: Any, **kwargs: Any) -> Any:
        return None if _silent.get() else call(*args, **kwargs)

    return speak


def _subclasses(base: type[Metric]) -> set[type[Metric]]:
    return {base}.union(*(_subclasses(subclass) for subclass in base.__subclasses__()))
