"""
The paragraphs of the demo and their questions, as people write them: texts in demo/qa/data/paragraphs/.

A paragraph is a line; the lines below it are "question | answer"; an empty line parts it from the next. The k-th
paragraph of a split is the same in every language, and so are its questions: together they give a question its id. An
answer is a part of its paragraph, letter by letter, that occurs there once, so that nothing has to say where it is.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).resolve().parent / "data"
PARAGRAPHS = DATA / "paragraphs"


class Asked(NamedTuple):
    """A question, its answer, and the character at which the answer begins in the paragraph."""

    question: str
    answer: str
    start: int


class Paragraph(NamedTuple):
    """A text, and what is asked about it."""

    text: str
    questions: Sequence[Asked]


class ParagraphError(ValueError):
    """A paragraph's file is not what it should be. The message names the line."""


def blocks(path: Path) -> Iterator[list[tuple[str, str]]]:
    """The blocks of lines of a file, parted by empty lines: each line and where it is."""
    block: list[tuple[str, str]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            block.append((line.strip(), f"{path.name}:{number}"))
        elif block:
            yield block
            block = []
    if block:
        yield block


def read(split: str, language: str) -> list[Paragraph]:
    """
    The paragraphs of a split in a language.

    # Raises

    `ParagraphError`
        If a line is not "question | answer", or the answer is not in the paragraph, or more than once.
    """
    return [_paragraph(block) for block in blocks(PARAGRAPHS / f"{split}.{language}.txt")]


def _paragraph(block: list[tuple[str, str]]) -> Paragraph:
    (text, _), *lines = block
    return Paragraph(text, [_asked(text, line, where) for line, where in lines])


def _asked(text: str, line: str, where: str) -> Asked:
    question, _, answer = (part.strip() for part in line.partition("|"))
    if not question or not answer:
        raise ParagraphError(f'{where}: "{line}" is not "question | answer". Write both into the line.')
    if (count := text.count(answer)) != 1:
        raise ParagraphError(
            f'{where}: "{answer}" is {count} times in the paragraph. Give an answer that is there once, or reword it.'
        )
    return Asked(question, answer, text.index(answer))


def languages(split: str) -> list[str]:
    return sorted(path.name.split(".")[1] for path in PARAGRAPHS.glob(f"{split}.*.txt"))
