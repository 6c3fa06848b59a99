"""What a sentence pair is labelled with, in which order, and how files may write it: one rule for every format."""

from collections.abc import Mapping, Sequence
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.json_text import shown

# Fixed, because a vocabulary built from data orders labels by count, and two stages could permute them silently.
LABELS = ("entailment", "neutral", "contradiction")
# Annotators did not agree on a gold label: as XNLI and MNLI write it, and as `datasets` does.
NO_GOLD_LABEL = frozenset({"-", "-1", -1})


def checked(labels: Optional[Sequence[str]]) -> tuple[str, ...]:
    """
    The labels in order, whatever of a config's key `labels` is given.

    # Parameters

    labels : `Optional[Sequence[str]]`
        Names of the classes; the k-th has index k. `None`: entailment, neutral, contradiction.

    # Raises

    `ConfigurationError`
        If there are fewer than two, one occurs twice, or one is not a text.
    """
    if labels is None:
        return LABELS
    names = list(labels) if isinstance(labels, Sequence) and not isinstance(labels, str) else []
    if other := [name for name in names if not isinstance(name, str)]:
        raise ConfigurationError(
            f'labels: {shown(other[0])} is not a text. Give names, such as ["entailment", "contradiction"]; files may '
            'number them, as 0 and 1 or "0" and "1".'
        )
    if len(names) < 2 or len(set(names)) != len(names):
        raise ConfigurationError(f"labels: {labels!r} is not a list of two or more different labels.")
    return tuple(names)


class Labels:
    """
    The labels that a reader knows, however a file writes them: by name, by alias, or by index, which may be a number
    or its digits. A name or an alias counts before an index.

    # Parameters

    names : `Optional[Sequence[str]]`
        Names of the classes; the k-th has index k. `None`: entailment, neutral, contradiction.
    aliases : `Optional[Mapping[str, str]]`, optional (default = `None`)
        Other names that files use, and the labels that they stand for.

    # Raises

    `ConfigurationError`
        If the names are not different texts, an alias is a label already, or stands for no label.
    """

    def __init__(self, names: Optional[Sequence[str]], aliases: Optional[Mapping[str, str]] = None) -> None:
        self.names = checked(names)
        indices = range(len(self.names))
        by_name = dict(zip(self.names, indices, strict=True))
        for alias, name in (aliases or {}).items():
            if alias in self.names or name not in self.names:
                raise ConfigurationError(
                    f"label_aliases: {shown(alias)}: {shown(name)} does not give a label another name. The labels are "
                    f'{", ".join(self.names)}; write it like {{"contradictory": "{self.names[-1]}"}}.'
                )
        named = {**by_name, **{alias: by_name[name] for alias, name in (aliases or {}).items()}}
        by_number = {written: index for index in indices for written in (index, str(index)) if written not in named}
        self._indices: dict[Any, int] = {**by_number, **named}
        self._without_gold = NO_GOLD_LABEL - set(named)

    @property
    def indices(self) -> list[tuple[str, int]]:
        """What files may write, as Python shows it, with the index that it means."""
        return sorted((repr(written), index) for written, index in self._indices.items())

    def index(self, written: Any) -> Optional[int]:
        """The index of a label as a file writes it; `None` if it is none of them."""
        # True is 1 and 1.0 is 1 in a dictionary, and no label in a file.
        return self._indices.get(written) if type(written) is str or type(written) is int else None

    def without_gold(self, written: Any) -> bool:
        """Whether a file says that there is no gold label, and the pair is to be skipped."""
        return (type(written) is str or type(written) is int) and written in self._without_gold

    def problem(self, written: Any) -> Optional[str]:
        """Why a label as a file writes it is none, and the way out; `None` if it is one, or there is none."""
        if written is None or self.index(written) is not None:
            return None
        if not isinstance(written, (str, int)) or isinstance(written, bool):
            return f"label {shown(written)} is neither a text nor a whole number. Fix the row."
        return (
            f'label "{written!s:.80}" is none of {", ".join(sorted(self.names))}. Fix the row, give the reader '
            'label_aliases: {"its name": "a label"}, or give every reader and the model the same labels: [...] (the '
            "configs of NLI in training_configs have an argument `labels` that does)."
        )
