"""
How `allennlp predict` reads and writes for our predictors.

AllenNLP's own way tells a predictor neither the number of a line nor that bytes are not UTF-8, loses the good lines of
a batch with a bad one, and cuts batches between the windows of one question. Its command takes its manager from its
module by name, so importing this module puts ours there for our predictors.
"""

import io
import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Optional, TextIO

from allennlp.commands import predict
from allennlp.common.checks import ConfigurationError
from allennlp.data import Instance
from allennlp.predictors import Predictor

from xlamaml_allennlp.encoders.line import Line
from xlamaml_allennlp.encoders.predictor import LinesPredictor
from xlamaml_allennlp.files.opening import BROKEN, opened

logger = logging.getLogger(__name__)

STDIN = "-"
AllenNlpManager = predict._PredictManager


class Example(list[Instance]):
    """A reader's instances that are one line of output together; or none, and the error that ended its reading."""

    def __init__(self, instances: Sequence[Instance], error: Optional[ConfigurationError] = None) -> None:
        super().__init__(instances)
        self.error = error

    def __str__(self) -> str:
        # As AllenNLP shows an instance on the terminal.
        return "".join(map(str, self))


class LinesManager(AllenNlpManager):
    """AllenNLP's manager of a prediction, for our predictors: everything before an error is written."""

    _predictor: LinesPredictor

    def run(self) -> None:
        self._bad = 0
        if self._output_file is not None:
            self._output_file.reconfigure(encoding="utf-8")  # whatever the machine's
        try:
            super().run()
        finally:
            sys.stdout.flush()
            if self._output_file is not None:
                self._output_file.close()
        if self._bad:
            logger.warning("%s: %d lines could not be used (on_bad_line).", self._name, self._bad)

    @property
    def _name(self) -> str:
        return "standard input" if self._input_file == STDIN else self._input_file

    def _get_json_data(self) -> Iterator[Line]:
        number = 0
        try:
            with self._opened() as file:
                for number, text in enumerate(file, start=1):
                    if not text.isspace():
                        yield self._line(number, text)
        except BROKEN as error:
            problem = f"a broken gzip file, readable up to here ({error}). Get it again."
            yield Line(f"{self._name}:{number}", number, problem=problem, last=True)

    def _opened(self) -> AbstractContextManager[TextIO]:
        if self._input_file != STDIN:
            return io.TextIOWrapper(opened(self._input_file), encoding="utf-8", errors="surrogateescape")
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
        return nullcontext(sys.stdin)

    def _line(self, number: int, text: str) -> Line:
        place = f"{self._name}:{number}"
        try:
            return Line(place, number, self._predictor.load_line(text))
        except ConfigurationError as error:
            # Not raised here, where the lines before it still wait for their batch to be full.
            return Line(place, number, problem=str(error))

    def _predict_json(self, batch_data: list[Any]) -> Iterator[str]:
        for line, output in zip(batch_data, self._predictor.predict_lines(batch_data), strict=True):
            self._bad += bool(line.problem)
            yield output

    def _get_instance_data(self) -> Iterator[Any]:
        read = super()._get_instance_data()
        errors: list[ConfigurationError] = []

        def until_error() -> Iterator[Instance]:
            try:
                yield from read
            except ConfigurationError as error:
                errors.append(error)

        yield from map(Example, self._predictor.examples(until_error()))
        yield from (Example((), error) for error in errors)

    def _predict_instances(self, batch_data: list[Any]) -> Iterator[str]:
        windows = [instance for example in batch_data for instance in example]
        yield from map(self._predictor.dump_line, self._predictor.predict_batch_instance(windows))
        if error := batch_data[-1].error:
            raise error


def manager(predictor: Predictor, *arguments: Any) -> AllenNlpManager:
    """What `allennlp predict` runs: ours for our predictors, AllenNLP's own for others."""
    return (LinesManager if isinstance(predictor, LinesPredictor) else AllenNlpManager)(predictor, *arguments)


predict._PredictManager = manager  # type: ignore[assignment, misc]
