"""Answers to questions that come as JSON lines."""

from collections.abc import Sequence
from typing import Any, cast

from allennlp.common.checks import ConfigurationError
from allennlp.common.util import JsonDict, sanitize
from allennlp.data import DatasetReader, Instance
from allennlp.models import Model
from allennlp.predictors import Predictor

from xlamaml_allennlp.encoders.predictor import LinesPredictor
from xlamaml_allennlp.qa.answer_span import Answer, best_over_windows
from xlamaml_allennlp.qa.dataset_reader import MlqaReader

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
    absent.

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

    # Raises

    `ConfigurationError`
        If the reader is not an `mlqa` reader, or a number is below 1.
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
    ) -> None:
        super().__init__(model, dataset_reader, frozen, forward_size)
        if n_best < 1:
            raise ConfigurationError(f"n_best: {n_best} is below 1.")
        self._reader = cast(MlqaReader, dataset_reader)
        self._n_best = n_best

    def predict(self, question: str, context: str, language: str = "und") -> JsonDict:
        """Answers one question."""
        return self.predict_json({"question": question, "context": context, "language": language})

    def predict_batch_json(self, inputs: list[JsonDict]) -> list[JsonDict]:
        windows = [self._reader.text_to_instances(**self._arguments(line)) for line in inputs]
        outputs = iter(self.forwarded([window for of_line in windows for window in of_line]))
        return [
            _line(line, best_over_windows([_answers(next(outputs)) for _ in of_line], self._n_best))
            for line, of_line in zip(inputs, windows, strict=True)
        ]

    def predict_batch_instance(self, instances: list[Instance]) -> list[JsonDict]:
        return [sanitize(output) for output in self.forwarded(instances)]

    def _json_to_instance(self, json_dict: JsonDict) -> Instance:
        return self._reader.text_to_instance(**self._arguments(json_dict))

    def _arguments(self, line: JsonDict) -> dict[str, Any]:
        """What the reader makes windows from."""
        line = self.checked(line)
        languages = {key: line[key] for key in self.optional if line.get(key)}
        return {"question": line["question"], "context": line["context"], "id": str(line.get("id", "")), **languages}


def _answers(output: dict[str, Any]) -> list[Answer]:
    return [Answer(**answer) for answer in output["n_best"]]


def _line(line: JsonDict, answers: Sequence[Answer]) -> JsonDict:
    best = {"answer": answers[0].text, **answers[0]._asdict()} if answers else {"answer": ""}
    best.pop("text", None)
    repeated = {key: line[key] for key in REPEATED if key in line}
    return {**best, **repeated, "n_best": [answer._asdict() for answer in answers]}
