"""The blocks of code on the pages that people read."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("demo/*.md")])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
# The first line of a block says which file it is: `# my_package/task.py`, `// urdu.jsonnet: ...`.
NAMED = re.compile(r"^(?:#|//) ([\w/]+\.(?:py|jsonnet))\b")


def blocks(page: Path, language: str) -> list[str]:
    """The blocks of one language on a page."""
    return [text for kind, text in BLOCK.findall(page.read_text(encoding="utf-8")) if kind == language]


def files(page: Path) -> dict[str, str]:
    """By name: what a page says should be in files."""
    every = [text for _, text in BLOCK.findall(page.read_text(encoding="utf-8"))]
    return {match[1]: text for text in every if (match := NAMED.match(text))}


def commands(page: Path) -> Iterator[list[str]]:
    """The commands on a page, each as the shell takes it apart; lines that end in a backslash go on."""
    for block in blocks(page, "bash"):
        for line in block.replace("\\\n", " ").splitlines():
            if words := shlex.split(line, comments=True):
                yield words
