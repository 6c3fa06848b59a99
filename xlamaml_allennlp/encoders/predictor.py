"""What our predictors share: lines of JSON, and forward passes of inputs of like length."""

import json
from collections.abc import Sequence
from typing import Any, cast

from allennlp.common.checks import ConfigurationError
from allennlp.common.util import JsonDict
from allennlp.data import DatasetReader, Instance
from allennlp.models import Model
from allennlp.predictors import Predictor


class LinesPredictor(Predictor):
    """
    Predicts for lines of JSON, many at a time; base of the predictors of all tasks.

    A subclass says what a line is and which reader reads it, and defines `predict_batch_json`.

    # Parameters

    model : `Model`
        The model.
    dataset_reader : `DatasetReader`
        The reader that the model was trained with.
    frozen : `bool`, optional (default = `True`)
        Whether to turn dropout off.
    forward_size : `int`, optional (default = `32`)
        Instances in one forward pass, at least 1. Those of the lines that come at once (`allennlp predict
        --batch-size`) are sorted by length before they are cut into passes, and come out in their own order.

    # Raises

    `ConfigurationError`
        If the reader is another than this predictor needs, or `forward_size` is below 1; later, if a line is not what
        it should be.
    """

    # The name of the registered reader that makes instances from lines.
    reader: str
    # The texts that a line cannot do without, and those that it may have.
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ("language",)
    # What to tell somebody whose line is something else.
    wanted: str

    def __init__(
        self, model: Model, dataset_reader: DatasetReader, frozen: bool = True, forward_size: int = 32
    ) -> None:
        if not isinstance(dataset_reader, cast(type, DatasetReader.by_name(self.reader))):
            raise ConfigurationError(
                f"The archive's dataset reader is a {type(dataset_reader).__name__}, and this predictor needs an "
                f"{self.reader} reader. Give the training config a validation_dataset_reader of type {self.reader}."
            )
        super().__init__(model, dataset_reader, frozen)
        if forward_size < 1:
            raise ConfigurationError(f"forward_size: {forward_size} is below 1.")
        self._forward_size = forward_size

    def predict_json(self, inputs: JsonDict) -> JsonDict:
        return self.predict_batch_json([inputs])[0]

    def predict_instance(self, instance: Instance) -> JsonDict:
        return self.predict_batch_instance([instance])[0]

    def load_line(self, line: str) -> JsonDict:
        try:
            return json.loads(line)
        except json.JSONDecodeError as error:
            raise ConfigurationError(f"Not a line of JSON ({error}): {line.strip()[:80]}. {self.wanted}") from error

    def dump_line(self, outputs: JsonDict) -> str:
        # Scripts other than Latin stay readable.
        return json.dumps(outputs, ensure_ascii=False) + "\n"

    def checked(self, line: Any) -> JsonDict:
        """
        A line, if it is an object with the texts that are needed.

        # Raises

        `ConfigurationError`
            If it is not.
        """
        if not isinstance(line, dict):
            raise ConfigurationError(f"A line of input is {line!r:.80}, not an object. {self.wanted}")
        for key in self.needed:
            if key not in line:
                keys = ", ".join(line) or "none"
                raise ConfigurationError(f"A line of input has no {key}; its keys: {keys}. {self.wanted}")
        for key in (*self.needed, *(key for key in self.optional if line.get(key) is not None)):
            if not isinstance(line[key], str):
                raise ConfigurationError(
                    f"A line of input has {line[key]!r:.80} as its {key}, not a text. {self.wanted}"
                )
        if empty := next((key for key in self.needed if not line[key].strip()), None):
            # The line itself, because AllenNLP tells neither its number nor where a batch began.
            raise ConfigurationError(f"A line of input, {line!s:.200}: the {empty} is empty. {self.wanted}")
        return line

    def forwarded(self, instances: Sequence[Instance]) -> list[dict[str, Any]]:
        """What the model says of each instance, from passes of `forward_size` instances of like length."""
        by_length = sorted(range(len(instances)), key=lambda i: len(instances[i]["tokens"]))
        outputs: list[dict[str, Any]] = [{} for _ in instances]
        for start in range(0, len(by_length), self._forward_size):
            chosen = by_length[start : start + self._forward_size]
            for i, output in zip(chosen, self._model.forward_on_instances([instances[i] for i in chosen]), strict=True):
                outputs[i] = output
        return outputs
