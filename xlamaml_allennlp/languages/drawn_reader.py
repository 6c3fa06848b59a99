"""Reads some examples of a path, drawn once."""

from collections.abc import Iterator
from random import Random
from typing import Any

from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader, Instance

from xlamaml_allennlp.languages.reading import ExamplesReader, Share, read_examples
from xlamaml_allennlp.languages.tag import Tag


@DatasetReader.register("drawn")
class DrawnReader(ExamplesReader):
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
        super().__init__()
        if size < 1:
            raise ConfigurationError(f"dataset_reader.size is {size}; give at least 1.")
        self.reader = reader
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

    def text_to_instance(self, *inputs: Any, **named: Any) -> Instance:
        """An instance as the wrapped reader makes it."""
        return self.reader.text_to_instance(*inputs, **named)

    def apply_token_indexers(self, instance: Instance) -> None:
        self.reader.apply_token_indexers(instance)
