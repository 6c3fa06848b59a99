"""What the stages behind a model have read of the examples that it is evaluated on."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Optional, Union

from allennlp.common import Registrable
from allennlp.data import DataLoader
from allennlp.models import Model

UNKNOWN = "unknown"


class Count(NamedTuple):
    """How many examples are known to be something, and of how many it cannot be known."""

    known: int = 0
    unknown: int = 0

    def __add__(self, other: "Count") -> "Count":  # type: ignore[override]
        return Count(self.known + other.known, self.unknown + other.unknown)

    @property
    def told(self) -> Union[int, str]:
        """The number that is known: a nought only if it is one."""
        return UNKNOWN if self.unknown and not self.known else self.known


class Seen(NamedTuple):
    """
    What was seen of a language, and of the examples of an evaluation in it, in training or in model selection.

    # Parameters

    zero_shot : `Optional[bool]`
        Whether no stage trained or selected on the language; `None` if that is not known.
    examples : `Count`
        How many examples were seen themselves: the same texts.
    translations : `Count`
        How many of the others were seen as a translation.
    """

    zero_shot: Optional[bool]
    examples: Count
    translations: Count

    def metrics(self, language: str) -> dict[str, Any]:
        """What a metrics file says of it."""
        return {
            f"zero_shot/{language}": UNKNOWN if self.zero_shot is None else self.zero_shot,
            f"seen/{language}": self.examples.told,
            f"seen_translations/{language}": self.translations.told,
        }


class Adapted(NamedTuple):
    """
    What a model was adapted to before use, by steps of plain gradient descent, as an inner loop takes them.

    # Parameters

    examples : `Mapping[str, int]`
        The support set: how many examples of each language.
    steps : `int`
        How many steps were taken, each on all of them.
    alpha : `float`
        Their rate.
    """

    examples: Mapping[str, int]
    steps: int
    alpha: float

    def __str__(self) -> str:
        support = ", ".join(f"{count:,} of {language}" for language, count in self.examples.items())
        return f"a model adapted to examples: {support}; steps: {self.steps}; alpha: {self.alpha:g}"


class DataUse(Registrable):
    """Knows what the stages behind a model have read."""

    default_implementation = "manifest"

    def __init__(self) -> None: ...

    def seen(self, model: Model, data_loader: DataLoader) -> Optional[dict[str, Seen]]:
        """
        What was seen of an evaluation's examples, by language.

        # Parameters

        model : `Model`
            The model, as its archive was loaded.
        data_loader : `DataLoader`
            The examples.

        # Returns

        `Optional[Dict[str, Seen]]`
            `None` for a model that is from no archive, of which there is nothing to say.

        # Raises

        `ConfigurationError`
            If the archive's config declares a protocol that does not allow to test on these examples.
        """
        raise NotImplementedError

    def adapted(self, model: Model) -> Optional[Adapted]:
        """What a model was adapted to before use; `None` if it was not, as far as is known."""
        return None
