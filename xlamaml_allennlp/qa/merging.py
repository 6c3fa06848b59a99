"""What the windows of one question say together: one rule for the metric, evaluations and predictions."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any, Protocol, TypeVar

from xlamaml_allennlp.languages.tag import id_of, language_of
from xlamaml_allennlp.qa.answer_span import Answer

# A question: language of the context, of the question, id. MLQA asks one question in seven languages under one id.
QuestionKey = tuple[str, str, str]


class HasScore(Protocol):
    """What a window says, with the model's score of it; comparable between the windows of one question."""

    @property
    def score(self) -> float: ...


Said = TypeVar("Said", bound=HasScore)


def question_of(window: Mapping[str, Any]) -> QuestionKey:
    """The question that a window belongs to, from its metadata."""
    return language_of(window), window["question_language"], id_of(window)


def rank(said: Iterable[Said]) -> list[Said]:
    """The rule: the highest score is the best; of equal ones that of the first window, and in it the first."""
    return sorted(said, key=attrgetter("score"), reverse=True)


def best_of(windows: Mapping[int, Said], nothing: Said) -> Said:
    """
    What a question is judged by.

    # Parameters

    windows : `Mapping[int, Said]`
        The best that each of its windows says, by the window's index.
    nothing : `Said`
        What stands for a question without windows.
    """
    return next(iter(rank(windows[index] for index in sorted(windows))), nothing)


def best_answers(windows: Iterable[Sequence[Answer]], n: int) -> list[Answer]:
    """
    What a question is answered by.

    # Parameters

    windows : `Iterable[Sequence[Answer]]`
        The answers that each of its windows gives, best first, in the order of the windows.
    n : `int`
        How many answers to keep at most.

    # Returns

    `List[Answer]`
        The highest-scored answers over all windows, best first. A span that several windows give, where they overlap,
        is there once, with its highest score.
    """
    spans: dict[tuple[int, int], Answer] = {}
    for answer in rank(chain.from_iterable(windows)):
        spans.setdefault((answer.start, answer.end), answer)
    return list(spans.values())[:n]
