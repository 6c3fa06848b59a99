"""Docstrings in AllenNLP's form: what a thing is, and what is said of each of its parameters."""

import inspect
import re

# A parameter's line and, indented below it, its text: `lr : `float`, optional (default = `1e-5`)`.
PARAMETER = re.compile(r"^\*{0,2}(\w+) ?: (.*)\n((?:[ ]+.*\n|\n)*)", re.MULTILINE)


def section(docstring: str, title: str) -> str:
    """What stands below a title, to the next one; without a title, what stands above all."""
    parts = re.split(r"^# (.+)$", f"{inspect.cleandoc(docstring)}\n", flags=re.MULTILINE)
    sections = dict(zip(["", *parts[1::2]], parts[0::2], strict=True))
    return sections.get(title, "").strip("\n") + "\n"


def parameters(docstring: str) -> dict[str, str]:
    """By parameter: its text, with no indentation."""
    found = PARAMETER.findall(section(docstring, "Parameters"))
    return {name: inspect.cleandoc(text).strip() for name, _, text in found}


def default_in_words(docstring: str, name: str) -> str:
    """A default that is said and not written as a value: "one pass over the query examples"."""
    line = re.search(rf"^{name} : .*\(default = ([^`]+)\)$", docstring, flags=re.MULTILINE)
    return line.group(1) if line else ""
