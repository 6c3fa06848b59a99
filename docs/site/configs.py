"""The arguments of configs and studies, with what their files say of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docs.site.arguments import SHARED

CONFIGS = Path(__file__).parents[2] / "training_configs"
# A line of a function's arguments: `lr=1e-5,  // the rate of the meta step`.
ARGUMENT = re.compile(r"^  (\w+)(?:=(.*?))?,?(?:\s+//\s*(.*))?$")


@dataclass(frozen=True)
class Argument:
    """One argument of a config: its default as Jsonnet, empty if it has none, and what the file says of it."""

    name: str
    default: str
    comment: str


def page() -> str:
    """The reference of configs, as Markdown."""
    lines = [
        "# Configs and their arguments\n",
        "A variant is one line, `(import 'xlamaml/NAME.jsonnet')(argument=value)`; any other key is changed by adding",
        "an object. Defaults are Jsonnet; those that begin with `official.` are addresses of `lib/data.libsonnet`.\n",
        "## Stages\n",
        *(line for file in sorted(CONFIGS.glob("*.jsonnet")) for line in _config(file)),
        "## Studies\n",
        *(line for file in sorted(CONFIGS.glob("studies/*.jsonnet")) for line in _config(file)),
    ]
    return "\n".join(lines)


def _config(file: Path) -> Iterator[str]:
    yield f"### `{file.stem}`\n"
    yield from opening(file)
    for argument in explained(file):
        default = f" · default `{argument.default}`" if argument.default else ""
        yield f"`{argument.name}`{default}"
        yield f":   {argument.comment}\n"


def opening(file: Path) -> list[str]:
    """The command that runs a file and what its comment says below it, as Markdown."""
    comment = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith("//"):
            break
        comment.append(line.removeprefix("//").removeprefix(" "))
    # Lines that are indented are commands or Jsonnet.
    text = "\n".join(f"`{line.strip()}`" if line.startswith("  ") else line for line in comment[1:])
    return [f"```bash\n{comment[0]}\n```\n", text.strip(), ""]


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


def explained(file: Path) -> list[Argument]:
    """The arguments of a config; what it does not say of one is said by its name."""
    return [Argument(each.name, each.default, each.comment or SHARED.get(each.name, "")) for each in arguments(file)]
