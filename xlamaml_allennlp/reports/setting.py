"""What a row of a table stands for: a method, its auxiliary languages and its shots. Seeds are averaged over."""

from typing import NamedTuple, Union


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
