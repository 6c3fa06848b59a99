"""What all figures have in common: files, and a form of them that a page can take in."""

import io
import re
import textwrap
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# A colour that no data have: in a page it becomes that of the page's text, whatever that is.
INK = "#17181a"
LETTER = 0.083
"""Inches for a letter of 9 points, at most on average."""
_MARK = 0.6  # inches for what stands before a name
NARROWEST = 54
"""Pixels for an inch of a figure, at least: letters of 10 points are 7.5 pixels high."""
SETTINGS: dict[Any, Any] = {
    # Names are text, also with a dollar in them, and stay text in files.
    "text.parse_math": False, "svg.fonttype": "none", "pdf.fonttype": 42, "svg.hashsalt": "xlamaml",
    "font.size": 10, "font.family": ["DejaVu Sans"], "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": INK,
    "xtick.color": INK, "ytick.color": INK, "axes.titlesize": 11, "axes.titleweight": "bold",
    "axes.spines.top": False, "axes.spines.right": False,
}  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """
    A figure.

    # Parameters

    name : `str`
        The name of its files.
    title, caption : `str`
        What it is called, and what a reader has to know.
    figure : `Figure`
        The drawing.
    """

    name: str
    title: str
    caption: str
    figure: Figure


def canvas(width: float, height: float, columns: int = 1, rows: int = 1) -> tuple[Figure, Sequence[Axes]]:
    """An empty figure, in inches, and its parts in reading order."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, list(figure.subplots(rows, columns, squeeze=False).flat)


def legend(figure: Figure, axes: Axes) -> None:
    """Names above a figure, for all of its parts, of what is labelled in one of them; in two columns where they fit."""
    handles, labels = axes.get_legend_handles_labels()
    room = figure.get_size_inches()[0]
    columns = 2 if 2 * (_MARK + LETTER * max(map(len, labels), default=0)) < room else 1
    labels = [wrapped(label, room / columns - _MARK) for label in labels]
    figure.legend(handles, labels, loc="outside upper left", ncols=columns, frameon=False, fontsize=9)


def wrapped(name: str, room: float) -> str:
    """A name in as many lines as it takes where `room` inches are for each."""
    return textwrap.fill(name, max(12, int(room / LETTER)))


def save(drawn: Drawn, folder: Path) -> str:
    """
    Writes a figure as PDF and PNG.

    # Parameters

    drawn : `Drawn`
        The figure.
    folder : `Path`
        Where to.

    # Returns

    `str`
        The figure as SVG for a page, in the colours of its text, without a background.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawn.figure.draw_without_rendering()  # the layout of the first drawing knows nothing of how high titles are
    # Nothing in a file says when it was made: the same results make the same files.
    drawn.figure.savefig(folder / f"{drawn.name}.pdf", metadata={"CreationDate": None, "Creator": None})
    drawn.figure.savefig(folder / f"{drawn.name}.png", dpi=150, metadata={"Software": None})
    text = io.StringIO()
    drawn.figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :].replace(INK, "currentColor")
    # Ids are for the whole page, and every figure has its own.
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{drawn.name}-", svg)
    svg = re.sub(r' (width|height)="[\d.]+pt"', "", svg, count=2)
    width = drawn.figure.get_size_inches()[0]
    # No smaller than one can read it: what is wider than a phone then scrolls there.
    sizes = f"min-width:{width * NARROWEST:.0f}px;max-width:{width * 96:.0f}px"
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(drawn.title)}" style="{sizes}"', 1)


def styled() -> AbstractContextManager[None]:
    """A context in which figures look alike."""
    return mpl.rc_context(SETTINGS)
