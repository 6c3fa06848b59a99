"""What the demo's tasks differ in: the study, the data, and what is measured."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Measure(NamedTuple):
    """A metric: what people call it, its key in what `allennlp evaluate` writes, and what makes it percent."""

    name: str
    key: str
    scale: float = 1.0


class Task(ABC):
    """
    A task of the demo.

    # Attributes

    command : `str`
        What Python is called with to run its demo, such as "-m demo".
    study : `Path`
        The study that does it.
    runs : `Path`
        The folder that everything goes to, unless told otherwise.
    unit : `str`
        What an example is called, in the plural.
    languages : `Sequence[str]`
        Those that the data have.
    measures : `Sequence[Measure]`
        What is measured; the last one is drawn.
    lowest : `float`
        Where the picture's colours begin, in percent: what chance gives.
    guesser : `str`
        What the way to guess is called whose scores stand under the table, in at most 16 characters.
    noise : `str`
        Which differences may be chance.
    to_try : `str`
        What to try next; {python}, {archive} (of XLA-MAML) and {again} (the same call) are filled in.
    """

    command: str
    study: Path
    runs: Path
    unit: str
    languages: Sequence[str]
    measures: Sequence[Measure]
    lowest: float
    guesser: str
    noise: str
    to_try: str

    @abstractmethod
    def texts(self) -> Sequence[str]:
        """Everything that the encoder is to read."""

    @abstractmethod
    def guess(self, measure: Measure) -> float:
        """How far the guesser gets on the test data, in percent."""

    def closing(self, archive: Path, folder: Path) -> str:
        """What is shown after the table, if anything: by XLA-MAML's archive, with files in the folder."""
        return ""
