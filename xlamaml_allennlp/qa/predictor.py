"""Answers to questions that come as JSON lines."""

import json
from collections.abc import Sequence
from typing import Any

from allennlp.common.checks import ConfigurationError
from allennlp.common.util import JsonDict, sanitize
from allennlp.data import DatasetReader, Instance
from allennlp.models import Model
from allennlp.predictors import Predictor

from xlamaml_allennlp.qa.answer_span import Answer, best_over_windows
from xlamaml_allennlp.qa.dataset_reader import MlqaReader

NEEDED = ("question", "context")
# Of a line's other keys, those that the output repeats.
REPEATED = ("id", "language", "question_language", "question")
# BCP 47 for a language that nothing tells.
UNDETERMINED = "und"
WANTED = 'A line is like {"question": "...", "context": "..."}; "language" and "id" may be given too.'


@Predictor.register("cross_lingual_span_qa")
class CrossLingualSpanQaPredictor(Predictor):
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
        How many answers to give to each question, at least 1.
    forward_size : `int`, optional (default = `32`)
        Windows in one forward pass, at least 1. Those of all the lines that come at once (`allennlp predict
        --batch-size`) are sorted by length before they are cut into passes.

    # Raises

    `ConfigurationError`
        If the reader is not an `mlqa` reader, or a number is below 1.
    """

    def __init__(
        self,
        model: Model,
        dataset_reader: DatasetReader,
        frozen: bool = True,
        n_best: int = 20,
        forward_size: int = 32,
    ) -> None:
        if not isinstance(dataset_reader, MlqaReader):
            raise ConfigurationError(
                f"The archive's dataset reader is a {type(dataset_reader).__name__}, and this predictor needs an mlqa "
                "reader. Give the training config a validation_dataset_reader of type mlqa."
            )
        for key, value in (("n_best", n_best), ("forward_size", forward_size)):
            if value < 1:
                raise ConfigurationError(f"{key}: {value} is below 1.")
        super().__init__(model, dataset_reader, frozen)
        self._reader = dataset_reader
        self._n_best = n_best
        self._forward_size = forward_size

    def predict(self, question: str, context: str, language: str = UNDETERMINED) -> JsonDict:
        """Answers one question."""
        return self.predict_json({"question": question, "context": context, "language": language})

    def predict_json(self, inputs: JsonDict) -> JsonDict:
        return self.predict_batch_json([inputs])[0]

    def predict_batch_json(self, inputs: list[JsonDict]) -> list[JsonDict]:
        windows = [self._windows_of(line) for line in inputs]
        outputs = iter(self._forward([window for of_line in windows for window in of_line]))
        return [
            _line(line, best_over_windows([_answers(next(outputs)) for _ in of_line], self._n_best))
            for line, of_line in zip(inputs, windows, strict=True)
        ]

    def predict_batch_instance(self, instances: list[Instance]) -> list[JsonDict]:
        return [sanitize(output) for output in self._forward(instances)]

    def _forward(self, windows: Sequence[Instance]) -> list[dict[str, Any]]:
        by_length = sorted(range(len(windows)), key=lambda i: len(windows[i]["tokens"]))
        outputs: list[dict[str, Any]] = [{} for _ in windows]
        for start in range(0, len(windows), self._forward_size):
            chosen = by_length[start : start + self._forward_size]
            for i, output in zip(chosen, self._model.forward_on_instances([windows[i] for i in chosen]), strict=True):
                outputs[i] = output
        return outputs

    def load_line(self, line: str) -> JsonDict:
        try:
            return json.loads(line)
        except json.JSONDecodeError as error:
            raise ConfigurationError(f"Not a line of JSON ({error}): {line.strip()[:80]}. {WANTED}") from error

    def dump_line(self, outputs: JsonDict) -> str:
        # Scripts other than Latin stay readable.
        return json.dumps(outputs, ensure_ascii=False) + "\n"

    def _windows_of(self, line: JsonDict) -> list[Instance]:
        return self._reader.text_to_instances(**_arguments(line))

    def _json_to_instance(self, json_dict: JsonDict) -> Instance:
        return self._reader.text_to_instance(**_arguments(json_dict))


def _arguments(line: Any) -> dict[str, Any]:
    """What the reader makes windows from."""
    if not isinstance(line, dict):
        raise ConfigurationError(f"A line of input is {line!r:.80}, not an object. {WANTED}")
    for key in NEEDED:
        if not isinstance(line.get(key), str):
            seen = f"{line[key]!r:.80} as its {key}" if key in line else f"no {key}"
            raise ConfigurationError(
                f"A line of input with the keys {', '.join(line) or '(none)'} has {seen}. {WANTED}"
            )
    asked = {"question": line["question"], "context": line["context"], "id": str(line.get("id", ""))}
    language = line.get("language") or UNDETERMINED
    return {**asked, "language": language, "question_language": line.get("question_language")}


def _answers(output: dict[str, Any]) -> list[Answer]:
    return [Answer(**answer) for answer in output["n_best"]]


def _line(line: JsonDict, answers: Sequence[Answer]) -> JsonDict:
    best = answers[0] if answers else None
    found = {"start": best.start, "end": best.end, "score": best.score} if best else {}
    n_best = [answer._asdict() for answer in answers]
    return {
        "answer": best.text if best else "",
        **found,
        **{key: line[key] for key in REPEATED if key in line},
        "n_best": n_best,
    }
