"""What our predictors share: lines of JSON, good and bad."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Optional, TypeVar, cast

from allennlp.common.checks import ConfigurationError
from allennlp.common.util import JsonDict
from allennlp.data import DatasetReader, Instance
from allennlp.models import Model

from xlamaml_allennlp.encoders.line import Line, dumped, parsed, shown
from xlamaml_allennlp.encoders.saliency import InterpretablePredictor
from xlamaml_allennlp.files.text import text_problem

T = TypeVar("T")


class LinesPredictor(InterpretablePredictor):
    """
    Predicts for lines of JSON, many at a time; base of the predictors of all tasks.

    A subclass says what a line is and which reader reads it, makes instances of it, and a line of what they give.

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
    on_bad_line : `str`, optional (default = `"error"`)
        What a line that cannot be used is to `allennlp predict`: `"error"`, at which it stops with everything before
        it written, or `"skip"`, for which it writes `{"error": ..., "line": its number}` and goes on.

    # Raises

    `ConfigurationError`
        If the reader is another than this predictor needs, `forward_size` is below 1 or `on_bad_line` is unknown;
        later, if a line is not what it should be, or the model's scores are not numbers.
    """

    # The name of the registered reader that makes instances from lines.
    reader: str
    # The texts that a line cannot do without, those that it may have, and what else of it comes out again.
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ("language",)
    passed_on: tuple[str, ...] = ("id",)
    # What to tell somebody whose line is something else.
    wanted: str

    def __init__(
        self,
        model: Model,
        dataset_reader: DatasetReader,
        frozen: bool = True,
        forward_size: int = 32,
        on_bad_line: str = "error",
    ) -> None:
        if not isinstance(dataset_reader, cast(type, DatasetReader.by_name(self.reader))):
            raise ConfigurationError(
                f"The archive's dataset reader is a {type(dataset_reader).__name__}, and this predictor needs an "
                f"{self.reader} reader. Give the training config a validation_dataset_reader of type {self.reader}."
            )
        super().__init__(model, dataset_reader, frozen)
        if forward_size < 1:
            raise ConfigurationError(f"forward_size: {forward_size} is below 1.")
        if on_bad_line not in ("error", "skip"):
            raise ConfigurationError(f'on_bad_line: "{on_bad_line}" is neither "error" nor "skip".')
        self._forward_size = forward_size
        self._skips = on_bad_line == "skip"

    def instances_of(self, lines: Sequence[Any]) -> list[list[Instance]]:
        """The instances of each line; a `ConfigurationError` if one of the lines cannot be used."""
        raise NotImplementedError

    def line_of(self, line: JsonDict, outputs: Sequence[dict[str, Any]]) -> JsonDict:
        """What to write for a line, from what the model says of its instances."""
        raise NotImplementedError

    def examples(self, instances: Iterable[Instance]) -> Iterator[list[Instance]]:
        """A reader's instances, those together that are one line of output: here each alone."""
        return ([instance] for instance in instances)

    def load_line(self, line: str) -> JsonDict:
        try:
            return parsed(line)
        except ValueError as error:
            raise ConfigurationError(f"{error}. {self.wanted}") from error

    def dump_line(self, outputs: JsonDict) -> str:
        return dumped(outputs)

    def predict_json(self, inputs: JsonDict) -> JsonDict:
        return self.predict_batch_json([inputs])[0]

    def predict_batch_json(self, inputs: list[JsonDict]) -> list[JsonDict]:
        return list(self._outputs(inputs, each_made(self.instances_of, inputs)))

    def predict_instance(self, instance: Instance) -> JsonDict:
        return self.predict_batch_instance([instance])[0]

    def predict_lines(self, lines: Sequence[Line]) -> Iterator[str]:
        """
        What `allennlp predict` writes for lines, one at a time.

        # Raises

        `ConfigurationError`
            At a line that cannot be used, after all before it, unless `on_bad_line` is "skip"; with its place.
        """
        usable = self._usable(lines)
        outputs = self._outputs([line for line, _ in usable], [instances for _, instances in usable])
        for line in lines:
            try:
                yield self.dump_line(self._for_bad(line) if line.problem else next(outputs))
            except ConfigurationError as error:
                raise ConfigurationError(f"{line.place}: {error}") from error

    def _usable(self, lines: Sequence[Line]) -> list[tuple[Line, list[Instance]]]:
        """The lines that can be used, with their instances; the others learn their problem."""
        good = [line for line in lines if not line.problem]
        try:
            return list(zip(good, self.instances_of(good), strict=True)) if good else []
        except ConfigurationError as error:
            if len(good) > 1:  # one at a time, to know which it is
                return [found for line in good for found in self._usable([line])]
            good[0].problem = str(error)
            return []

    def _for_bad(self, line: Line) -> JsonDict:
        if self._skips and not line.last:
            return {"error": line.problem, "line": line.number}
        way_out = "" if line.last else ' Or skip such lines: --predictor-args \'{"on_bad_line": "skip"}\''
        raise ConfigurationError(line.problem + way_out)

    def _outputs(self, lines: Sequence[JsonDict], instances: Sequence[list[Instance]]) -> Iterator[JsonDict]:
        outputs = iter(self.forwarded([instance for of_line in instances for instance in of_line]))
        for line, of_line in zip(lines, instances, strict=True):
            yield self.line_of(line, [next(outputs) for _ in of_line])

    def forwarded(self, instances: Sequence[Instance]) -> list[dict[str, Any]]:
        """What the model says of each instance, from passes of `forward_size` instances of like length."""
        by_length = sorted(range(len(instances)), key=lambda i: len(instances[i]["tokens"]))
        outputs: list[dict[str, Any]] = [{} for _ in instances]
        for start in range(0, len(by_length), self._forward_size):
            chosen = by_length[start : start + self._forward_size]
            for i, output in zip(chosen, self._model.forward_on_instances([instances[i] for i in chosen]), strict=True):
                outputs[i] = output
        return outputs

    def checked(self, line: Any) -> JsonDict:
        """
        A line, if it is an object with the texts that are needed.

        # Raises

        `ConfigurationError`
            If it is not.
        """
        if not isinstance(line, dict):
            raise ConfigurationError(f"the line is {shown(line)}, not an object. {self.wanted}")
        if problem := next(filter(None, self._problems(line)), None):
            raise ConfigurationError(f"{problem}. {self.wanted}")
        return line

    def _problems(self, line: JsonDict) -> Iterator[Optional[str]]:
        if missing := next((key for key in self.needed if key not in line), None):
            yield f"the line has no {missing}; its keys: {', '.join(map(str, line))[:200] or 'none'}"
        for key in (*self.needed, *(key for key in self.optional if line.get(key) is not None)):
            if not isinstance(line[key], str):
                yield f"the line has {shown(line[key])} as its {key}, not a text"
        for key in self.needed:
            yield text_problem(key, line[key])
        for key in self.passed_on:
            if not _is_text_or_number(line.get(key)):
                yield f"the line has {shown(line[key])} as its {key}, neither a text nor a number"


def each_made(make: Callable[[Sequence[Any]], T], inputs: Sequence[Any]) -> T:
    """What is made of all inputs; a `ConfigurationError` over one of many tells its number."""
    try:
        return make(inputs)
    except ConfigurationError:
        for number, line in enumerate(inputs if len(inputs) > 1 else ()):
            try:
                make([line])
            except ConfigurationError as error:
                raise ConfigurationError(f"inputs[{number}]: {error}") from error
        raise


def _is_text_or_number(value: Any) -> bool:
    # Infinity is what JSON's 1e999 becomes, and nothing that can be written again.
    return isinstance(value, (str, int, type(None))) or (isinstance(value, float) and math.isfinite(value))
