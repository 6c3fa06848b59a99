"""What a model says of each example, next to what is right: the one thing that tables and lines of predictions need."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol, runtime_checkable

# A forward pass: the batch that went in, and what came out.
Pass = tuple[Mapping[str, Any], Mapping[str, Any]]


class Judged(NamedTuple):
    """
    An example (a pair, a question) with the model's prediction.

    # Parameters

    language : `str`
        Its language.
    id : `str`
        Its id; translations share it.
    scores : `Mapping[str, float]`
        How right the prediction is, by the name of the measure, in [0, 1]. Empty where nothing tells what is right.
    line : `Mapping[str, Any]`
        What a person reads of it, as JSON has it.
    """

    language: str
    id: str
    scores: Mapping[str, float]
    line: Mapping[str, Any]


@runtime_checkable
class Judging(Protocol):
    """A model that says what it predicts of each example."""

    def judged(self, passes: Iterable[Pass]) -> Iterator[Judged]:
        """
        The examples of an evaluation, each as soon as it is known.

        # Parameters

        passes : `Iterable[Pass]`
            All forward passes of the evaluation. What belongs to one example may be in several of them.

        # Raises

        `ConfigurationError`
            If the model's scores are not numbers.
        """
        ...
