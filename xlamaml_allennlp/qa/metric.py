"""Exact match and F1 as the official evaluations count them, kept per question and language."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional

from allennlp.common.checks import ConfigurationError
from allennlp.training.metrics import Metric

from xlamaml_allennlp.gathering import gather
from xlamaml_allennlp.languages.metric import by_language
from xlamaml_allennlp.languages.tag import language_of
from xlamaml_allennlp.qa.answer_span import Answer
from xlamaml_allennlp.qa.merging import QuestionKey, best_of, question_of
from xlamaml_allennlp.qa.rules import RULES, normaliser


def exact_match(prediction: str, answers: Sequence[str], language: str, rules: str = "mlqa") -> float:
    """
    100 if the prediction is one of the gold answers after normalisation, else 0.

    # Parameters

    prediction : `str`
        The predicted answer.
    answers : `Sequence[str]`
        The gold answers, at least one.
    language : `str`
        The language of the context.
    rules : `str`, optional (default = `"mlqa"`)
        Which evaluation's normalisation, as in `xlamaml_allennlp.qa.rules.normaliser`.
    """
    tokens = normaliser(language, rules).tokens
    return 100.0 * (tokens(prediction) in [tokens(answer) for answer in _gold(answers)])


def f1(prediction: str, answers: Sequence[str], language: str, rules: str = "mlqa") -> float:
    """
    100 times the F1 of the prediction's tokens, as a multiset, against the gold answer it fits best; 0 where they
    share none. Parameters as of `exact_match`.
    """
    tokens = normaliser(language, rules).tokens
    predicted = tokens(prediction)
    return 100.0 * max(_overlap(predicted, tokens(answer)) for answer in _gold(answers))


def _gold(answers: Sequence[str]) -> Sequence[str]:
    if isinstance(answers, str) or not answers:
        raise ConfigurationError(f"The gold answers are {answers!r}. Give a list of at least one text.")
    return answers


def _overlap(predicted: list[str], gold: list[str]) -> float:
    same = sum((Counter(predicted) & Counter(gold)).values())
    if same == 0:
        return 0.0
    precision, recall = same / len(predicted), same / len(gold)
    return 2 * precision * recall / (precision + recall)


class Scored(NamedTuple):
    """What one window answered: the model's score of its best span, and how right that span is."""

    score: float
    em: float
    f1: float


# By the index of a window what it answered.
Answered = dict[int, Scored]
NOTHING = Scored(float("-inf"), 0.0, 0.0)


@Metric.register("span_metric")
class SpanMetric(Metric):
    """
    Exact match and F1 of extracted answers: over all questions, per language of the context, and as the mean of the
    languages, 0 to 100.

    A context longer than a window gives a question several windows, in any batch and on any distributed worker. Of
    these the answer with the highest score counts, and the question counts once. A question whose windows hold no
    answer at all scores 0. A window seen again, as in a second pass, replaces what it said before.

    Calls count on this worker only. Distributed workers are merged once, in `get_metric(reset=True)`, which all of
    them must therefore call, as AllenNLP's trainers do.

    Registered as a `Metric` with name "span_metric".

    # Parameters

    rules : `str`, optional (default = `"mlqa"`)
        Which evaluation's normalisation: `"mlqa"`, `"squad_v1.1"` or `"any_language"`, as in
        `xlamaml_allennlp.qa.rules.normaliser`.

    # Raises

    `ConfigurationError`
        If there are no such rules; in a call, if they lack the language.
    """

    supports_distributed = True

    def __init__(self, rules: str = "mlqa") -> None:
        if rules not in RULES:
            raise ConfigurationError(f'rules: "{rules}" is none of {", ".join(RULES)}.')
        self._rules = rules
        self._windows: dict[QuestionKey, Answered] = {}
        self._em = self._f1 = 0.0  # Sums over the questions so far.

    def __call__(  # type: ignore[override]
        self, predictions: Sequence[Optional[Answer]], metadata: Sequence[Mapping[str, Any]]
    ) -> None:
        """
        Counts a batch of windows.

        # Parameters

        predictions : `Sequence[Optional[Answer]]`
            The best answer of each window; `None` where it has none.
        metadata : `Sequence[Mapping[str, Any]]`
            Of each window: language, question_language, id, window (its index) and answers (the gold texts).
        """
        for answer, window in zip(predictions, metadata, strict=True):
            windows = self._windows.setdefault(question_of(window), {})
            before = best_of(windows, NOTHING)
            windows[window["window"]] = self._score(answer, window)
            after = best_of(windows, NOTHING)
            self._em += after.em - before.em
            self._f1 += after.f1 - before.f1

    def _score(self, answer: Optional[Answer], window: Mapping[str, Any]) -> Scored:
        language = language_of(window)
        normaliser(language, self._rules)  # An unknown language is an error even where nothing was answered.
        if answer is None:
            return NOTHING
        gold = window["answers"], language, self._rules
        return Scored(answer.score, exact_match(answer.text, *gold), f1(answer.text, *gold))

    def get_metric(self, reset: bool = False) -> dict[str, float]:
        """
        # Returns

        `dict[str, float]`
            `{"em", "f1"}` over the questions of this worker so far, cheap enough for every batch. With `reset`, over
            the questions of all workers, and `em/<language>`, `em/mean`, `f1/<language>` and `f1/mean` too; `{}` if
            there were none.
        """
        if not reset:
            count = max(len(self._windows), 1)
            return {"em": self._em / count, "f1": self._f1 / count}
        questions = _over_workers(self._windows)
        self.reset()
        totals: dict[str, dict[str, tuple[float, int]]] = {"em": {}, "f1": {}}
        for (language, _, _), windows in questions.items():
            best = best_of(windows, NOTHING)
            for name, value in (("em", best.em), ("f1", best.f1)):
                total, count = totals[name].get(language, (0.0, 0))
                totals[name][language] = total + value, count + 1
        return {**by_language("em", totals["em"]), **by_language("f1", totals["f1"])}

    def reset(self) -> None:
        self._windows = {}
        self._em = self._f1 = 0.0

    def state_dict(self) -> dict[str, Any]:
        """What this worker has counted, for a checkpoint within an epoch."""
        return {"windows": self._windows, "em": self._em, "f1": self._f1}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes on from what `state_dict` returned."""
        self.reset()
        for question, windows in state["windows"].items():
            self._windows[question] = {index: Scored(*said) for index, said in windows.items()}
        self._em, self._f1 = state["em"], state["f1"]


def _over_workers(questions: Mapping[QuestionKey, Answered]) -> dict[QuestionKey, Answered]:
    merged: dict[QuestionKey, Answered] = {}
    for worker in gather(questions):
        for question, windows in worker.items():
            merged.setdefault(question, {}).update(windows)
    # One order on every worker, so that all of them get the same float.
    return dict(sorted(merged.items()))
