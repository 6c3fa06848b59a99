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
from functools import partial
from typing import Any, Optional, TextIO

from allennlp.commands import predict
from allennlp.common.checks import ConfigurationError
from allennlp.data import Instance
from allennlp.predictors import Predictor

from xlamaml_allennlp.encoders.line import Line
from xlamaml_allennlp.encoders.predictor import LinesPredictor
from xlamaml_allennlp.files.identity import is_read
from xlamaml_allennlp.files.json_text import parse_json
from xlamaml_allennlp.files.opening import BROKEN, broken, opened

logger = logging.getLogger(__name__)

STDIN = "-"
# The most characters of a line.
LONGEST = 100_000_000
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
                for number, text in enumerate(iter(partial(file.readline, LONGEST), ""), start=1):
                    if len(text) == LONGEST and not text.endswith("\n"):
                        raise ConfigurationError(f"a line of more than {LONGEST} characters. Check the file.")
                    if not text.isspace():
                        yield self._line(number, text)
        except (ConfigurationError, *BROKEN) as error:
            known = isinstance(error, ConfigurationError)
            problem = str(error if known else broken(self._name, error, ", readable up to here"))
            if number == 0:
                raise ConfigurationError(problem) from error
            # Not raised here, where the lines before it still wait for their batch to be full.
            place = f"{self._name}:{number}"
            yield Line(place, number, problem=problem.removeprefix(f"{self._name}: "), last=True)

    def _opened(self) -> AbstractContextManager[TextIO]:
        if self._input_file != STDIN:
            # Of any size, for no more than a batch is held.
            return io.TextIOWrapper(opened(self._input_file, None), encoding="utf-8", errors="surrogateescape")
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


def manager(
    predictor: Predictor, input_file: str, output_file: Optional[str] = None, *arguments: Any
) -> AllenNlpManager:
    """
    What `allennlp predict` runs: ours for our predictors, AllenNLP's own for others.

    # Raises

    `ConfigurationError`
        If the output file is an input file, which would be empty before it is read.
    """
    if output_file is not None and is_read(output_file, _data_path(input_file)):
        raise ConfigurationError(
            f"--output-file: {output_file} is what to predict for, and would be lost. Give another file."
        )
    kind = LinesManager if isinstance(predictor, LinesPredictor) else AllenNlpManager
    return kind(predictor, input_file, output_file, *arguments)


def _data_path(input_file: str) -> Any:
    """A path, or a mapping of languages to paths, as a reader takes it (--use-dataset-reader)."""
    try:
        return parse_json(input_file) if input_file.lstrip().startswith("{") else input_file
    except ValueError:
        return input_file


predict._PredictManager = manager  # type: ignore[assignment, misc]
