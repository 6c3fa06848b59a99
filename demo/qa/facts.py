"""
How the larger part of the English training questions is made: facts in demo/qa/data/paragraphs/facts.en.txt.

The file's first block gives lists of values, "name = value | value". Every other block is a fact: sentences that say it
in different words, with names of values in braces; lists of its own; and questions, "question | answer". A digit after
a name asks for another value of the same list.

A paragraph is made of three facts in any order. Two of them are one fact with different values, so that each answer has
a rival of its kind, in much the same words. The third is about the same person as the first, where both are about
somebody.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Optional

from demo.qa.paragraphs import PARAGRAPHS, Asked, Paragraph, ParagraphError, blocks

FACTS = PARAGRAPHS / "facts.en.txt"
# How often each fact is the one that a paragraph is about, and how many questions such a paragraph has.
ROUNDS = 10
QUESTIONS = 5
SLOT = re.compile(r"\{([a-z]+)(\d?)\}")
HERO = "who"

Values = dict[str, str]
"""What stands in a fact's braces, by what is in them."""


@dataclass(frozen=True)
class Fact:
    """Ways to say a fact, and what can be asked about it."""

    sentences: list[str] = field(default_factory=list)
    questions: list[tuple[str, str]] = field(default_factory=list)
    lists: dict[str, list[str]] = field(default_factory=dict)

    @property
    def slots(self) -> list[str]:
        return sorted({slot[0] + slot[1] for slot in SLOT.findall(self.sentences[0])})


def read() -> list[Fact]:
    """
    The facts of the file, each with all the lists that it can use.

    # Raises

    `ParagraphError`
        If a name in braces has no list, or is not in the first sentence of its fact.
    """
    first, *others = blocks(FACTS)
    shared = _fact(first, {}).lists
    return [_checked(_fact(block, shared), block[0][1]) for block in others]


def _fact(block: list[tuple[str, str]], shared: Mapping[str, list[str]]) -> Fact:
    fact = Fact(lists=dict(shared))
    for line, _ in block:
        if named := re.match(r"([a-z]+) = ", line):
            fact.lists[named[1]] = [value.strip() for value in line[named.end() :].split("|")]
        elif "|" in line:
            question, answer = (part.strip() for part in line.split("|"))
            fact.questions.append((question, answer))
        else:
            fact.sentences.append(line)
    return fact


def _checked(fact: Fact, where: str) -> Fact:
    for text in [*fact.sentences, *(part for question in fact.questions for part in question)]:
        for name, digit in SLOT.findall(text):
            if name not in fact.lists or name + digit not in fact.slots:
                raise ParagraphError(f'{where}: no value for {{{name}{digit}}} in "{text}". Give a list, or mend it.')
    return fact


def composed() -> list[Paragraph]:
    """The paragraphs, always the same ones."""
    random, facts = Random(0), read()
    return [_paragraph(random, fact, facts) for _ in range(ROUNDS) for fact in random.sample(facts, len(facts))]


def _paragraph(random: Random, fact: Fact, facts: Sequence[Fact]) -> Paragraph:
    other = random.choice([other for other in facts if other is not fact])
    used: set[str] = set()
    told = [(which, _values(random, which, used)) for which in (fact, fact, other)]
    first, _, third = (values for _, values in told)
    if HERO in first and HERO in third:
        third[HERO] = first[HERO]
    text = " ".join(_sentence(random, which, values) for which, values in random.sample(told, len(told)))
    asked = [question for which, values in told for question in _questions(which, values, text)]
    return Paragraph(text, random.sample(asked, min(QUESTIONS, len(asked))))


def _values(random: Random, fact: Fact, used: set[str]) -> Values:
    """A value for each of a fact's slots, none that is used already, or is part of one that is."""
    values: Values = {}
    for slot in fact.slots:
        free = [value for value in fact.lists[slot.rstrip("0123456789")] if not _clashes(value, used)]
        values[slot] = random.choice(free)
        used.add(values[slot])
    return values


def _clashes(value: str, used: set[str]) -> bool:
    return any(value in other or other in value for other in used)


def _sentence(random: Random, fact: Fact, values: Values) -> str:
    return _capital(_filled(random.choice(fact.sentences), values))


def _questions(fact: Fact, values: Values, text: str) -> Iterator[Asked]:
    for question, answer in fact.questions:
        if (found := _find(_filled(answer, values), text)) is not None:
            yield Asked(_capital(_filled(question, values)), *found)


def _find(answer: str, text: str) -> Optional[tuple[str, int]]:
    """An answer as it stands in a text, at the start of a sentence maybe, and where; `None` unless it is there once."""
    places = [place.start() for place in re.finditer(rf"\b{re.escape(answer)}\b", text, re.IGNORECASE)]
    return (text[places[0] : places[0] + len(answer)], places[0]) if len(places) == 1 else None


def _filled(text: str, values: Values) -> str:
    return SLOT.sub(lambda slot: values[slot[1] + slot[2]], text)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
