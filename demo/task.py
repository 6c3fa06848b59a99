"""What the demo's tasks differ in: data, configs, and what is measured."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from demo.plan import Plan
    from demo.step import Step


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
    configs : `Path`
        The folder of the stages' configs.
    runs : `Path`
        The folder that everything goes to, unless told otherwise; the configs have the same.
    unit : `str`
        What an example is called, in the plural.
    train : `Path`
        The file of English fine-tuning.
    dev, test : `Sequence[Path]`
        The files of meta-training and of evaluation.
    tested : `str`
        The files of evaluation as one argument of `allennlp evaluate`.
    languages : `Sequence[str]`
        Those that `dev` and `test` have.
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
    configs: Path
    runs: Path
    unit: str
    train: Path
    dev: Sequence[Path]
    test: Sequence[Path]
    tested: str
    languages: Sequence[str]
    measures: Sequence[Measure]
    lowest: float
    guesser: str
    noise: str
    to_try: str

    @abstractmethod
    def training_size(self) -> int:
        """How many examples English fine-tuning sees."""

    @abstractmethod
    def texts(self) -> Sequence[str]:
        """Everything that the encoder is to read."""

    @abstractmethod
    def guess(self, plan: "Plan", measure: Measure) -> float:
        """How far the guesser gets on the test data, in percent, once all steps are done."""

    def further_steps(self, plan: "Plan") -> Sequence["Step"]:
        """Steps after those of every task."""
        return ()

    def closing(self, plan: "Plan") -> str:
        """What is shown after the table, if anything."""
        return ""
