"""Reads some examples of a path, drawn once."""

from collections.abc import Iterator
from random import Random
from typing import Any

from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader, Instance

from xlamaml_allennlp.languages.reading import Share, read_examples
from xlamaml_allennlp.languages.tag import Tag
from xlamaml_allennlp.languages.wrapping_reader import WrappingReader


@DatasetReader.register("drawn")
class DrawnReader(WrappingReader):
    """
    Reads as many examples of a path as are asked for, drawn with a seed: a support set to adapt on before use.

    Registered as a `DatasetReader` with name "drawn".

    # Parameters

    reader : `DatasetReader`
        Reads the whole path; its instances are tagged.
    size : `int`
        How many examples to draw from all of the path's together, at least 1; of a question, all its windows.
    seed : `int`, optional (default = `0`)
        Seed of the draw; nothing else draws from it.

    # Raises

    `ConfigurationError`
        If `size` is below 1 or there are fewer examples.
    """

    def __init__(self, reader: DatasetReader, size: int, seed: int = 0) -> None:
        super().__init__(reader)
        if size < 1:
            raise ConfigurationError(f"dataset_reader.size is {size}; give at least 1.")
        self._size = size
        self._seed = seed

    def tagged(self, data_path: Any, share: Share) -> Iterator[tuple[Tag, Instance]]:
        """The instances of the drawn examples with their tags."""
        examples = read_examples(self.reader, data_path)
        if len(examples) < self._size:
            raise ConfigurationError(
                f"dataset_reader.size is {self._size}, but {data_path} has only {len(examples)} examples. Lower size, "
                "or add data."
            )
        rows = Random(self._seed).sample(range(len(examples)), self._size)
        return share((examples.tag(row), instance) for row in rows for instance in examples.instances([row]))
