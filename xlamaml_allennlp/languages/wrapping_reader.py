"""What readers have in common that read through another one."""

from typing import Any

from allennlp.data import DatasetReader, Instance

from xlamaml_allennlp.languages.reading import ExamplesReader


class WrappingReader(ExamplesReader):
    """
    A reader that reads through another one, which makes and indexes the instances.

    # Parameters

    reader : `DatasetReader`
        The other one.
    """

    def __init__(self, reader: DatasetReader) -> None:
        super().__init__()
        self.reader = reader

    def text_to_instance(self, *inputs: Any, **named: Any) -> Instance:
        """An instance as the wrapped reader makes it, for a predictor."""
        return self.reader.text_to_instance(*inputs, **named)

    def apply_token_indexers(self, instance: Instance) -> None:
        self.reader.apply_token_indexers(instance)
