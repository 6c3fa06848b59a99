"""Metrics that add up over workers whenever they are called, and so have to be called equally often by all of them."""

from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError
from allennlp.models import Model
from allennlp.training.metrics import Metric

from xlamaml_allennlp.adaptation import InnerLoop
from xlamaml_allennlp.resuming.metric_counts import metrics_of

COLLECTIVES = frozenset(
    [
        *("all_gather", "all_gather_into_tensor", "all_gather_object", "all_reduce", "all_to_all", "all_to_all_single"),
        *("barrier", "broadcast", "broadcast_object_list", "gather", "gather_object", "monitored_barrier", "reduce"),
        *("reduce_scatter", "reduce_scatter_tensor", "scatter", "scatter_object_list"),
    ]
)
"""The functions of torch.distributed that return when all workers have called them."""


def refuse_reducing_metrics(model: Model, inner_loop: InnerLoop) -> None:
    """
    Refuses micro-batches among several workers to a model whose metrics wait for the other workers in every call.

    A query set is then as many calls as it has parts, and the sets of two workers need not have equally many.

    # Raises

    `ConfigurationError`
        If the inner loop has a `micro_batch_size` and a metric of the model reduces in its calls.
    """
    size = getattr(inner_loop, "micro_batch_size", None)
    if size is None:
        return
    for path, metric in metrics_of(model).items():
        if reduces_in_calls(type(metric)):
            raise ConfigurationError(
                f"trainer.inner_loop.micro_batch_size is {size}, and the model's metric {path} "
                f"({type(metric).__name__}) adds up over all workers in every call: workers whose query sets fall into "
                "different numbers of parts would wait for each other for ever. Set micro_batch_size to null, train "
                "with one worker, or give the model metrics that count locally and reduce in get_metric(reset=True), "
                "such as `language_mean`."
            )


def reduces_in_calls(metric_class: type[Metric]) -> bool:
    """Whether calling such a metric comes to a collective of torch.distributed, as its code and what that calls say."""
    return any(map(_names_a_collective, _functions_behind(metric_class)))


def _functions_behind(metric_class: type[Metric]) -> Iterator[FunctionType]:
    """What a call may run: `__call__`, the class's functions that it names and those beside them, and so on."""
    waiting: list[Any] = [metric_class.__call__]
    seen: set[Any] = set()
    while waiting:
        function = _unwrapped(waiting.pop())
        if function is None or function in seen or _is_of_torch(function):
            continue
        seen.add(function)
        yield function
        for name in _names_in(function.__code__):
            waiting += [getattr(metric_class, name, None), function.__globals__.get(name)]


def _names_a_collective(function: FunctionType) -> bool:
    named = set(_names_in(function.__code__))
    of_torch = [value for name in named if _is_of_torchs_workers(value := function.__globals__.get(name))]
    # By the function's own name too, which may be imported under another.
    called = named.union(str(getattr(value, "__name__", "")) for value in of_torch)
    at_hand = of_torch or any("distributed" in name.split(".") for name in named)
    return bool(at_hand) and not called.isdisjoint(COLLECTIVES)


def _names_in(code: CodeType) -> Iterator[str]:
    """The global names and attributes in a function's code, those of the functions within it included."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


def _unwrapped(value: Any) -> Optional[FunctionType]:
    while wrapped := getattr(value, "__wrapped__", getattr(value, "__func__", None)):
        value = wrapped
    return value if isinstance(value, FunctionType) else None


def _is_of_torch(function: Callable[..., Any]) -> bool:
    return str(function.__module__).partition(".")[0] == "torch"


def _is_of_torchs_workers(value: Any) -> bool:
    name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    return str(name).startswith("torch.distributed")
