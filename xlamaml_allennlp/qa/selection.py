"""Which questions of a file can be used."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Optional

from xlamaml_allennlp.qa.question import Question, Report


@dataclass
class Asked:
    """
    What one reading has so far, over all of its files.

    # Parameters

    keys : `Set[Tuple[str, str, str]]`
        Language, question's language and id of each question.
    have_answers : `Optional[bool]`, optional (default = `None`)
        Whether the questions have answers; `None` as long as there are none.
    """

    keys: set[tuple[str, str, str]] = field(default_factory=set)
    have_answers: Optional[bool] = None


def select_usable(
    questions: Iterable[Question], report: Report, need_answers: bool, asked: Asked
) -> Iterator[Question]:
    """
    Yields the questions that can be used.

    # Parameters

    questions : `Iterable[Question]`
        What was read.
    report : `Callable[[str, str], None]`
        Told the place and the problem of each of the others.
    need_answers : `bool`
        Whether a question without answers cannot be used. Otherwise all have some or none has, as a model has a loss
        for each batch or for none.
    asked : `Asked`
        What the files before hold; grows.
    """
    questions = list(questions)
    # As in the files before. In the first one, those without answers are the exception if there are any others.
    has_any = any(question.answers for question in questions) if asked.have_answers is None else asked.have_answers
    labelled = need_answers or has_any
    for question in questions:
        key = (question.language, question.question_language, question.id)
        if problem := question.problem():
            report(question.where, problem)
        elif key in asked.keys:
            report(question.where, f'another question in {question.language} has this id (question_ids: "position"?)')
        elif bool(question.answers) != labelled:
            why = "to train on" if need_answers else "unlike others"
            report(question.where, f"it has {'no answers' if labelled else 'answers'} {why}")
        else:
            asked.keys.add(key)
            asked.have_answers = labelled
            yield question
