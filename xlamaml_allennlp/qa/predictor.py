"""Answers to questions that come as JSON lines."""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, cast

from allennlp.common.checks import ConfigurationError
from allennlp.common.util import JsonDict
from allennlp.data import DatasetReader, Instance
from allennlp.data.fields import MetadataField
from allennlp.models import Model
from allennlp.predictors import Predictor

from xlamaml_allennlp.encoders.predictor import LinesPredictor, each_made
from xlamaml_allennlp.languages.evaluating import evaluate_instances
from xlamaml_allennlp.languages.tag import id_of, language_of
from xlamaml_allennlp.qa.answer_span import Answer
from xlamaml_allennlp.qa.answered_line import answers_of, check_ids, check_windows, id_of_line
from xlamaml_allennlp.qa.dataset_reader import MlqaReader
from xlamaml_allennlp.qa.labelling import with_answer
from xlamaml_allennlp.qa.merging import best_answers

# Of a line's keys, those that the output repeats.
REPEATED = ("id", "language", "question_language", "question")


@Predictor.register("cross_lingual_span_qa")
class CrossLingualSpanQaPredictor(LinesPredictor):
    """
    Answers questions from their contexts. A context longer than a window is read in several.

    A line of input is an object with `question` and `context`; `language` (that of the context), `question_language`
    and `id` may be given, other keys are ignored. A line of output has `answer`, its `start` and `end` character in
    the context (`context[start:end]` is the answer), its `score`, `n_best`, a list of {"text", "start", "end",
    "score"} over all windows, best first, and of the input `question`, `language`, `question_language` and `id`, as
    far as given. Where no token of the context can be an answer, `answer` is empty and `start`, `end` and `score` are
    absent. Of what a reader gives (`allennlp predict --use-dataset-reader`) a question is one such line too, however
    many windows it has, with its `gold_answers` if it has any.

    Registered as a `Predictor` with name "cross_lingual_span_qa".

    # Parameters

    model : `Model`
        A `cross_lingual_span_qa` model.
    dataset_reader : `DatasetReader`
        An `mlqa` reader.
    frozen : `bool`, optional (default = `True`)
        Whether to turn dropout off.
    n_best : `int`, optional (default = `20`)
        How many answers to give to each question, at least 1; of a window no more than the model's `n_best`.
    forward_size : `int`, optional (default = `32`)
        Windows in one forward pass, at least 1. Those of all the lines that come at once (`allennlp predict
        --batch-size`) are sorted by length before they are cut into passes.
    on_bad_line : `str`, optional (default = `"error"`)
        What a line that cannot be used is to `allennlp predict`: `"error"`, at which it stops with everything before
        it written, or `"skip"`, for which it writes `{"error": ..., "line": its number}` and goes on.

    # Raises

    `ConfigurationError`
        If the reader is not an `mlqa` reader, a number is below 1 or `on_bad_line` is unknown; later, if a line is no
        such object, or the model's scores are not numbers.
    """

    reader = "mlqa"
    needed = ("question", "context")
    optional = ("language", "question_language")
    wanted = 'A line is like {"question": "...", "context": "..."}; "language" and "id" may be given too.'

    def __init__(
        self,
        model: Model,
        dataset_reader: DatasetReader,
        frozen: bool = True,
        n_best: int = 20,
        forward_size: int = 32,
        on_bad_line: str = "error",
    ) -> None:
        super().__init__(model, dataset_reader, frozen, forward_size, on_bad_line)
        if n_best < 1:
            raise ConfigurationError(f"n_best: {n_best} is below 1.")
        self._reader = cast(MlqaReader, dataset_reader)
        self._n_best = n_best

    def predict(self, question: str, context: str, language: str = "und") -> JsonDict:
        """Answers one question."""
        return self.predict_json({"question": question, "context": context, "language": language})

    def evaluate(self, lines: Sequence[JsonDict]) -> dict[str, float]:
        """
        How right the model is: `em` and `f1` over all questions, `em/<language>`, `em/mean`, the same of `f1` (0 to
        100), and `loss`.

        # Parameters

        lines : `Sequence[JsonDict]`
            Questions as `predict_batch_json` takes them, each with its `answers`, a list of {"text", "answer_start"}
            or, as `datasets` has it, a mapping of two lists.

        # Raises

        `ConfigurationError`
            If there is none, one cannot be used, has no answers or an id that was there before, or scores are NaN.
        """
        check_windows(self._reader.only_answers)
        windows = each_made(self._labelled, lines)
        check_ids(lines)
        return evaluate_instances(self._model, windows, self._forward_size, self.cuda_device)

    def _labelled(self, lines: Sequence[Any]) -> list[Instance]:
        made = []
        for number, line in enumerate(lines):
            asked = self._arguments(line)
            asked["id"] = id_of_line(line, number)
            made.append(self._reader.text_to_instances(**asked, answers=answers_of(line)))
        return list(chain.from_iterable(made))

    def instances_of(self, lines: Sequence[Any]) -> list[list[Instance]]:
        return [self._reader.text_to_instances(**self._arguments(line)) for line in lines]

    def line_of(self, line: JsonDict, outputs: Sequence[dict[str, Any]]) -> JsonDict:
        repeated = {key: line[key] for key in REPEATED if key in line}
        return self._answered(repeated, outputs)

    def examples(self, instances: Iterable[Instance]) -> Iterator[list[Instance]]:
        """The windows of each question, which a reader gives one after the other."""
        question: list[Instance] = []
        for window in instances:
            if question and not _continues(question[-1], window):
                yield question
                question = []
            question.append(window)
        if question:
            yield question

    def predict_batch_instance(self, instances: list[Instance]) -> list[JsonDict]:
        """A line for each question, of which all windows that there are follow each other."""
        questions = list(self.examples(instances))
        outputs = iter(self.forwarded([_unlabelled(window) for question in questions for window in question]))
        return [self._answered(_told(question[0]), [next(outputs) for _ in question]) for question in questions]

    def json_to_labeled_instances(self, inputs: JsonDict) -> list[Instance]:
        """The window that holds the best answer, with that answer, which interpreters explain."""
        (windows,) = self.instances_of([inputs])
        outputs = self.forwarded(windows)
        best = max(
            range(len(windows)), key=lambda i: max((a["score"] for a in outputs[i]["n_best"]), default=-math.inf)
        )
        return self.predictions_to_labeled_instances(windows[best], outputs[best])

    def predictions_to_labeled_instances(self, instance: Instance, outputs: dict[str, Any]) -> list[Instance]:
        return [with_answer(instance, outputs["n_best"])]

    def _json_to_instance(self, json_dict: JsonDict) -> Instance:
        return self._reader.text_to_instance(**self._arguments(json_dict))

    def _arguments(self, line: JsonDict) -> dict[str, Any]:
        """What the reader makes windows from."""
        line = self.checked(line)
        languages = {key: line[key] for key in self.optional if line.get(key)}
        id = "" if line.get("id") is None else str(line["id"])
        return {"question": line["question"], "context": line["context"], "id": id, **languages}

    def _answered(self, repeated: JsonDict, outputs: Sequence[dict[str, Any]]) -> JsonDict:
        """A line of output: the best answers over all windows, and what is repeated of the input."""
        answers = best_answers([[Answer(**answer) for answer in output["n_best"]] for output in outputs], self._n_best)
        best = {"answer": answers[0].text, **answers[0]._asdict()} if answers else {"answer": ""}
        best.pop("text", None)
        return {**best, **repeated, "n_best": [answer._asdict() for answer in answers]}


def _tags(window: Instance) -> dict[str, Any]:
    return cast(MetadataField, window["metadata"]).metadata


def _continues(window: Instance, next_window: Instance) -> bool:
    """Whether one window of a question is followed by another: the indices go up."""
    before, after = _tags(window), _tags(next_window)
    same = ("language", "question_language", "id", "question", "context")
    return before["window"] < after["window"] and all(before[key] == after[key] for key in same)


def _unlabelled(window: Instance) -> Instance:
    # Predictions need no loss and no metric, which has rules for some languages only.
    return Instance({name: field for name, field in window.fields.items() if name != "answer_span"})


def _told(window: Instance) -> JsonDict:
    """What the output repeats of a reader's question."""
    tags = _tags(window)
    gold = {"gold_answers": tags["answers"]} if tags["answers"] else {}
    return {
        "id": id_of(window),
        "language": language_of(window),
        "question_language": tags["question_language"],
        "question": tags["question"],
        **gold,
    }
