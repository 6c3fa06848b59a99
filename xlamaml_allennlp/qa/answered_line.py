"""Lines of JSON that tell a question and what is right, for an evaluation."""

from collections.abc import Sequence

from allennlp.common.checks import ConfigurationError
from allennlp.common.util import JsonDict

from xlamaml_allennlp.files.json_text import shown
from xlamaml_allennlp.qa.question import Gold, gold_answers, listed

WITH_ANSWERS = (
    'To evaluate, a line is like {"question": "...", "context": "...", "language": "hi", "answers": '
    '[{"text": "...", "answer_start": 17}]}.'
)


def answers_of(line: JsonDict) -> tuple[Gold, ...]:
    """
    The gold answers of a line, at least one.

    # Raises

    `ConfigurationError`
        If there is none, or they are no list of answers.
    """
    answers = gold_answers(listed(line.get("answers")))
    if not answers:
        raise ConfigurationError(f"the line has {shown(line.get('answers'))} as its answers. {WITH_ANSWERS}")
    return answers


def check_windows(only_answers: bool) -> None:
    """
    Refuses to judge a model on windows that were chosen by the answer.

    # Raises

    `ConfigurationError`
        If the reader keeps windows that hold the answer only.
    """
    if only_answers:
        raise ConfigurationError(
            'dataset_reader.windows is "answer": the reader leaves out windows without the gold answer, and so would '
            'tell the model where to look. Evaluate with a reader whose windows are "all", such as the archive\'s '
            "validation_dataset_reader."
        )


def id_of_line(line: JsonDict, number: int) -> str:
    """The id of a line, by which an evaluation counts it; of one without, its number among all."""
    return f"row {number}" if line.get("id") in (None, "") else str(line["id"])


def check_ids(lines: Sequence[JsonDict]) -> None:
    """
    Refuses two questions of a language under one id, whose windows would be taken for those of one.

    # Raises

    `ConfigurationError`
        If there are two, or there are no lines; with their numbers.
    """
    if not lines:
        raise ConfigurationError(f"There are no lines. {WITH_ANSWERS}")
    met: dict[tuple[str, str, str], int] = {}
    for number, line in enumerate(lines):
        language = line.get("language") or "und"
        key = language, line.get("question_language") or language, id_of_line(line, number)
        if met.setdefault(key, number) != number:
            raise ConfigurationError(
                f'inputs[{number}]: inputs[{met[key]}] is a question in {language} with the id "{key[-1]}" too. '
                "Give each question of a language its own, or leave the ids out."
            )
