"""How the settings of a study look: the same in each of its figures, whatever else a figure shows."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import NamedTuple

from xlamaml_allennlp.reports.setting import Setting

# Okabe and Ito (2008): told apart by colour-blind readers, and on white as on black. Shapes tell them apart in print.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#8A8A8A")
SHAPES = ("o", "s", "^", "D", "v", "P", "X", "<", "p", ">", "h", "d", "*")
LINES = ("-", "--", ":", "-.")


class Look(NamedTuple):
    """
    How a setting is drawn.

    # Parameters

    colour : `str`
        That of its method.
    shape : `str`
        Its own; as there are more shapes than colours, methods of one colour have others.
    line : `str`
        Which tells the settings of its method apart.
    """

    colour: str
    shape: str
    line: str


def looks_of(settings: Sequence[Setting]) -> Mapping[Setting, Look]:
    """
    A look for each setting of a study.

    # Parameters

    settings : `Sequence[Setting]`
        All of them, in the study's order.
    """
    methods = list(dict.fromkeys(each.method for each in settings))
    within: dict[str, Iterator[int]] = {method: count() for method in methods}
    return {
        each: Look(
            COLOURS[methods.index(each.method) % len(COLOURS)],
            SHAPES[place % len(SHAPES)],
            LINES[next(within[each.method]) % len(LINES)],
        )
        for place, each in enumerate(settings)
    }
