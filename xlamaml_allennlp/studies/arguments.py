"""What the function that a file is takes, read from its text: Jsonnet tells how many arguments, not which."""

import re
from dataclasses import dataclass
from pathlib import Path

# A line of a function's arguments: `lr=1e-5,  // the rate of the meta step`.
ARGUMENT = re.compile(r"^  (\w+)(?:=(.*?))?,?(?:\s+//\s*(.*))?$")


@dataclass(frozen=True)
class Argument:
    """One argument of a config: its default as Jsonnet, empty if it has none, and what the file says of it."""

    name: str
    default: str
    comment: str


def arguments(file: Path) -> list[Argument]:
    """The arguments of the function that a file is, in their order."""
    text = file.read_text(encoding="utf-8").split("\nfunction(", 1)[-1]
    # One on each line, or all on the line of `function`.
    several = text.startswith("\n")
    lines = text.split("\n)", 1)[0].splitlines() if several else [f"  {each}" for each in in_one_line(text)]
    found = [ARGUMENT.match(line) for line in lines]
    return [Argument(match[1], match[2] or "", match[3] or "") for match in found if match]


def in_one_line(text: str) -> list[str]:
    """The arguments of a function that is opened and closed in one line."""
    return re.split(r", (?=\w+=)", text.splitlines()[0].rpartition(")")[0])
