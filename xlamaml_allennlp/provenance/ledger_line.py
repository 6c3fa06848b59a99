"""A line of the ledger: one episode, of which examples it was made and what the run made of it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from itertools import groupby
from typing import Any, NamedTuple, Optional


class Example(NamedTuple):
    """
    One example of a set.

    # Parameters

    language, id : `str`
        As its tag says.
    source : `Optional[str]`
        The file that it is from, if the reader tells.
    row : `Optional[int]`
        Its number in that file, if the reader tells.
    """

    language: str
    id: str
    source: Optional[str] = None
    row: Optional[int] = None


@dataclass(frozen=True)
class Line:
    """
    An episode that was trained on; a stock batch is one without support.

    # Parameters

    episode : `int`
        Its number, from 1, in the stream that all workers share.
    epoch : `int`
        From 0, as in the names of the metrics files.
    step : `int`
        The meta step that it belongs to, from 1, counted over the whole run.
    worker : `int`
        The rank of the worker, from 0.
    support, query : `tuple[Example, ...]`
        The examples of its sets, in their order.
    support_loss : `Optional[float]`
        At theta, before the first inner step; `None` without support, or without inner steps.
    query_loss : `float`
        At theta'; without the regularization penalty.
    meta_gradient_norm : `float`
        The length of the meta-gradient of the whole step, of all workers, before clipping.
    support_gradient_norm, query_gradient_norm : `Optional[float]`
        The lengths of grad L_S(theta) and grad L_Q(theta') with respect to what adapts; `None` where the inner loop
        does not hold both at once.
    cosine : `Optional[float]`
        Of the angle between these two.
    seconds : `float`
        From its beginning to that of the next episode, or to the end of the last backward pass of the step.
    pair_probability : `Optional[float]`, optional (default = `None`)
        With what probability its pair of languages was chosen, where pairs are chosen by what came of earlier ones. The
        text has it there only.
    """

    episode: int
    epoch: int
    step: int
    worker: int
    support: tuple[Example, ...]
    query: tuple[Example, ...]
    support_loss: Optional[float]
    query_loss: float
    meta_gradient_norm: float
    support_gradient_norm: Optional[float]
    query_gradient_norm: Optional[float]
    cosine: Optional[float]
    seconds: float
    pair_probability: Optional[float] = None

    @property
    def languages(self) -> str:
        """The languages of both sets as "en -> hi", those of a stock batch as "hi"."""
        is_episode = self.support or self.support_loss is not None
        sides = [self.support, self.query] if is_episode else [self.query]
        return " -> ".join("+".join(sorted({each.language for each in side})) or "unknown" for side in sides)

    def to_json(self) -> str:
        """The line as text, without its end."""
        sides = {"support": _blocks(self.support), "query": _blocks(self.query)}
        found = {**vars(self), **sides}
        if self.pair_probability is None:
            del found["pair_probability"]
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Line":
        """
        The line that `to_json` made a text of.

        # Raises

        `ValueError`
            If it is none; the message is the reason alone.
        """
        try:
            found = json.loads(text)
            sides = {name: tuple(_examples(found[name])) for name in ("support", "query")}
            names = [each.name for each in fields(cls) if each.name in found or each.default is MISSING]
            line = cls(**{name: found[name] for name in names} | sides)
            _check(line)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"not a line of JSON, or cut short ({error})") from error
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no episode ({type(error).__name__}: {error})") from error
        return line


# Of the parts of an example, in their order.
KINDS: tuple[tuple[type, ...], ...] = ((str,), (str,), (str, type(None)), (int, type(None)))

OPTIONAL = {"support_loss", "support_gradient_norm", "query_gradient_norm", "cosine", "pair_probability"}


def _blocks(examples: Iterable[Example]) -> list[dict[str, Any]]:
    """The examples in their order, with language and file of those that follow each other said once."""
    return [
        {"language": language, "source": source, "ids": [each.id for each in block], "rows": [e.row for e in block]}
        for (language, source), group in groupby(examples, lambda each: (each.language, each.source))
        for block in [list(group)]
    ]


def _examples(blocks: Iterable[Mapping[str, Any]]) -> Iterable[Example]:
    for block in blocks:
        for id, row in zip(block["ids"], block["rows"], strict=True):
            example = Example(block["language"], id, block["source"], row)
            for value, kinds in zip(example, KINDS, strict=True):
                if type(value) not in kinds:
                    raise TypeError(f"an example has {value!r:.40}")
            yield example


def _check(line: Line) -> None:
    for name, value in vars(line).items():
        if name in ("support", "query") or (name in OPTIONAL and value is None):
            continue
        kinds = (int,) if name in ("episode", "epoch", "step", "worker") else (int, float)
        if type(value) not in kinds:
            raise TypeError(f"{name} is {value!r:.40}")
