"""A table before anybody lays it out: for a browser, for LaTeX, and for Markdown."""

from dataclasses import dataclass, field
from typing import Optional

MISSING = "–"


@dataclass(frozen=True)
class Cell:
    """
    A cell.

    # Parameters

    text : `str`
        What it says; "–" where nothing was measured, which is never a zero.
    value : `Optional[float]`
        What it is sorted by, if it is a number.
    marks : `str`
        Signs behind the text: "*" significant, "†" not zero-shot.
    title : `str`
        More, for who points at it.
    """

    text: str = MISSING
    value: Optional[float] = None
    marks: str = ""
    title: str = ""


@dataclass(frozen=True)
class Table:
    """
    A table.

    # Parameters

    name : `str`
        The name of its files.
    title, caption : `str`
        What it is called, and what a reader has to know.
    columns : `list[str]`
        Heads of columns; the first is that of the rows' names.
    rows : `list[list[Cell]]`
        As many cells in each as there are columns.
    rules : `frozenset[int]`
        Numbers of rows that a line is drawn above.
    """

    name: str
    title: str
    caption: str
    columns: list[str]
    rows: list[list[Cell]]
    rules: frozenset[int] = field(default_factory=frozenset)


def named(text: str) -> Cell:
    """A cell of text."""
    return Cell(text)


def number(value: Optional[float], layout: str = "{:.1f}", marks: str = "", title: str = "") -> Cell:
    """A cell of a number, or a missing one."""
    return Cell(title=title) if value is None else Cell(layout.format(value), value, marks, title)


def signed(value: float, digits: int) -> str:
    """A difference with its sign; what is rounded to zero has none."""
    text = f"{value:+z.{digits}f}"
    return text[1:] if float(text) == 0 else text


LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "–": "--", "±": r"$\pm$", "→": r"$\rightarrow$",
    "†": r"$^{\dagger}$", "*": r"$^{*}$", "<": r"\textless{}", ">": r"\textgreater{}", "−": r"$-$", "α": r"$\alpha$",
}  # fmt: skip


def as_latex(table: Table) -> str:
    """The table for LaTeX, with booktabs."""
    lines = [
        "% needs \\usepackage{booktabs}",
        "\\begin{table}",
        "\\centering",
        f"\\caption{{{_latex(table.title)}. {_latex(table.caption)}}}",
    ]
    lines += [f"\\begin{{tabular}}{{l{'r' * (len(table.columns) - 1)}}}", "\\toprule"]
    lines += [" & ".join(map(_latex, table.columns)) + r" \\", "\\midrule"]
    for place, row in enumerate(table.rows):
        if place in table.rules:
            lines.append("\\midrule")
        lines.append(" & ".join(_latex(cell.text + cell.marks) for cell in row) + r" \\")
    return "\n".join([*lines, "\\bottomrule", "\\end{tabular}", "\\end{table}", ""])


def as_markdown(table: Table) -> str:
    """The table for Markdown."""
    heads = [_markdown(column) for column in table.columns]
    lines = [f"**{_markdown(table.title)}**", "", f"| {' | '.join(heads)} |", f"|---|{'---:|' * (len(heads) - 1)}"]
    lines += [f"| {' | '.join(_markdown(cell.text + cell.marks) for cell in row)} |" for row in table.rows]
    return "\n".join([*lines, "", _markdown(table.caption), ""])


def _latex(text: str) -> str:
    return "".join(LATEX.get(character, character) for character in " ".join(text.split()))


def _markdown(text: str) -> str:
    text = " ".join(text.split())
    # The star of a mark would begin emphasis, and < a tag.
    for character in "\\`*_|[]<":
        text = text.replace(character, f"\\{character}")
    return text
