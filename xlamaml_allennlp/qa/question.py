"""A question about a context, as files tell it, and what can be wrong with it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple, Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.encoders.line import shown
from xlamaml_allennlp.files.text import text_problem
from xlamaml_allennlp.languages.tag import metadata

# Takes a place and what is wrong with the question there.
Report = Callable[[str, str], None]


def refuse(where: str, problem: str) -> None:
    """A `Report` that takes no problem."""
    raise ConfigurationError(f"{where}: {problem}.")


class Gold(NamedTuple):
    """
    A gold answer.

    # Parameters

    text : `str`
        Its text.
    start : `int`
        The character of the context at which it starts.
    """

    text: str
    start: int

    @property
    def end(self) -> int:
        """The character after its last."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Question:
    """
    A question about a context.

    # Parameters

    id : `str`
        Its id; translations share it.
    text : `str`
        The question.
    context : `str`
        The text that holds the answer; one object for all the questions of a paragraph.
    answers : `Tuple[Gold, ...]`
        The gold answers; empty if it has none.
    language : `str`
        The language of the context.
    question_language : `str`
        The language of the question.
    where : `str`
        The place in the file, for errors: `dev.json: data[0].paragraphs[2]`.
    number : `int`, optional (default = `0`)
        Its number in the file, from 0.
    """

    id: str
    text: str
    context: str
    answers: tuple[Gold, ...]
    language: str
    question_language: str
    where: str
    number: int = 0

    def tags(self) -> dict[str, Any]:
        """What the metadata of all of its windows hold."""
        # The text itself would do as group; sixteen letters are kinder to logs.
        paragraph = hashlib.blake2b(self.context.encode(), digest_size=8).hexdigest()
        return metadata(
            self.language,
            self.id,
            paragraph,
            question_language=self.question_language,
            question=self.text,
            context=self.context,
            answers=[gold.text for gold in self.answers],
        )

    def problem(self) -> Optional[str]:
        """What is wrong with it, if anything is."""
        of_texts = [text_problem("context", self.context), text_problem("question", self.text)]
        return next(filter(None, chain(of_texts, map(self._problem_with, self.answers))), None)

    def _problem_with(self, gold: Gold) -> Optional[str]:
        if not gold.text.strip():
            return "an answer is empty"
        if not 0 <= gold.start < gold.end <= len(self.context):
            return (
                f"answer_start {gold.start} is out of range: {shown(gold.text)} does not fit into the "
                f"{len(self.context)} characters of the context there"
            )
        there = self.context[gold.start : gold.end]
        if there == gold.text:
            return None
        return f"at answer_start {gold.start} is {shown(there)}, not the answer {shown(gold.text)}"


def listed(answers: Any) -> Any:
    """The answers of a data set, which are a list of texts and one of starts, as a list of answers."""
    texts, starts = (answers.get(key) if isinstance(answers, Mapping) else None for key in ("text", "answer_start"))
    if not (isinstance(texts, list) and isinstance(starts, list) and len(texts) == len(starts)):
        return answers
    return [{"text": text, "answer_start": start} for text, start in zip(texts, starts, strict=True)]


def gold_answers(answers: Any) -> Optional[tuple[Gold, ...]]:
    """The gold answers that a list of {"text", "answer_start"} tells, `None` if it is no such list."""
    if not isinstance(answers, (list, type(None))):
        return None
    found = [Gold(answer["text"], int(answer["answer_start"])) for answer in answers or () if _is_answer(answer)]
    return tuple(found) if len(found) == len(answers or ()) else None


def _is_answer(answer: Any) -> bool:
    if not (isinstance(answer, dict) and isinstance(answer.get("text"), str)):
        return False
    start = answer.get("answer_start")
    # Programs that know one kind of number write 12.0; `True` is no number.
    return type(start) is int or (isinstance(start, float) and start.is_integer())
