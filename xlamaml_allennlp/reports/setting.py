"""What a row of a table stands for: a method, its auxiliary languages and its shots. Seeds are averaged over."""

from collections.abc import Iterable
from typing import Any, NamedTuple, Union

from allennlp.common.checks import ConfigurationError


class Setting(NamedTuple):
    """
    What evaluations that differ in nothing but their seed share.

    # Parameters

    method : `str`
        The method's name.
    auxiliary : `tuple[str, ...]`, optional (default = `()`)
        Its auxiliary languages.
    shots : `Union[int, str]`, optional (default = `0`)
        How many examples of the target it saw, or the name of the set of them; 0 is zero-shot.
    """

    method: str
    auxiliary: tuple[str, ...] = ()
    shots: Union[int, str] = 0

    @property
    def pair(self) -> str:
        """The auxiliary languages as the paper writes them: "hi", "bg+de", or "" where there are none."""
        return "+".join(self.auxiliary)

    @property
    def label(self) -> str:
        """The setting in one line: "XLA-MAML (hi), 8 shots". A method's own name may end with a word."""
        shots = f"{self.shots} shots" if isinstance(self.shots, int) else f"shots {self.shots}"
        return self.method + (f" ({self.pair})" if self.pair else "") + (f", {shots}" if self.shots else "")


def refuse_doubled(numbers: Iterable[tuple[str, Setting, int, str]]) -> None:
    """
    Sees to it that no number is given twice.

    # Parameters

    numbers : `Iterable[tuple[str, Setting, int, str]]`
        Of each, which evaluation gives it, of which setting and seed, and what it is: "accuracy of hi".

    # Raises

    `ConfigurationError`
        If two evaluations give the same.
    """
    first: dict[tuple[Any, ...], str] = {}
    for place, setting, seed, what in numbers:
        other = first.setdefault((setting, seed, what), place)
        if other != place:
            raise ConfigurationError(
                f"{other} and {place} both give {what} for {setting.label}, seed {seed}. Remove one, or give one "
                "another method, seed or shots."
            )
