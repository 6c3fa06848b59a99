"""How files tell questions: SQuAD's JSON, which MLQA, XQuAD and TyDi QA GoldP share, and `datasets`."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.opening import read_text
from xlamaml_allennlp.languages.hub import is_dataset, loaded, parsed
from xlamaml_allennlp.languages.sources import CODES, Source
from xlamaml_allennlp.qa.question import Gold, Question, Report

# Where a row is, and what it holds: id, question, context, answers, language and question_language if it tells them.
Row = tuple[str, Mapping[str, Any]]
# MLQA's name for a file tells the languages of its contexts and of its questions: `test-context-hi-question-de.json`.
MLQA_NAME = re.compile(r"context-([a-z]{2})-question-([a-z]{2})\b")
# TyDi QA GoldP keeps all languages in one file and names them in the ids: `swahili-4063193320833096083-2`.
TYDI_ID = re.compile(r"([a-z]+)-+\d+-\d+$")
TYDI_LANGUAGES = {
    "arabic": "ar", "bengali": "bn", "english": "en", "finnish": "fi", "indonesian": "id", "japanese": "ja",
    "korean": "ko", "russian": "ru", "swahili": "sw", "telugu": "te", "thai": "th",
}  # fmt: skip


def questions(source: Source, report: Report, numbered: bool = False) -> Iterator[Question]:
    """
    The questions of a file or a data set, in its order.

    # Parameters

    source : `Source`
        A file in SQuAD's format, or a data set of `datasets`, and the languages wanted from it.
    report : `Callable[[str, str], None]`
        Told the place and the problem of what is not a question.
    numbered : `bool`, optional (default = `False`)
        Whether a question's number in the file, from 0, is its id, for files whose ids repeat.

    # Raises

    `ConfigurationError`
        If the file is not there or has another format, nothing tells the language, its name tells another than the
        mapping, or a language that is wanted is not in it.
    """
    _check_name(source)
    rows = _dataset_rows(source.path) if is_dataset(source.path) else _squad_rows(source.path)
    met: Counter[str] = Counter()
    for number, (where, row) in enumerate(rows):
        own = str(row.get("id", ""))
        id = str(number) if numbered else own
        where = f'{where}, question "{id}"'
        told = row.get("language")
        if not isinstance(told, (str, type(None))):
            report(where, f'its "language" is {told!r}, not a text')
            continue
        language = source.language(told or _language_from_id(own))
        met[language] += 1
        if source.wants(language) and (found := _question(row, id, language, source.path, where, report)):
            yield found
    _check_languages(source, met)


def _squad_rows(path: str) -> Iterator[Row]:
    # {"data": [{"paragraphs": [{"context", "qas": [{"id", "question", "answers": [{"text", "answer_start"}]}]}]}]};
    # whatever else is there (version, title) may be missing.
    for a, article in enumerate(_list(_document(path), "data", f"{path}: at the top")):
        for p, paragraph in enumerate(_list(article, "paragraphs", f"{path}: data[{a}]")):
            where = f"{path}: data[{a}].paragraphs[{p}]"
            for question in _list(paragraph, "qas", where):
                yield where, {**paragraph, **question} if isinstance(question, dict) else {}


def _dataset_rows(path: str) -> Iterator[Row]:
    # Configurations are named "hi", "xquad.hi", or by context and question, "mlqa.hi.de".
    codes = [part for part in (parsed(path).config or "").split(".") if part in CODES]
    told = dict(zip(("language", "question_language"), codes, strict=False))
    for number, row in enumerate(loaded(path)):
        answers = row.get("answers")
        if isinstance(answers, Mapping) and {"text", "answer_start"} <= set(answers):
            pairs = zip(answers["text"], answers["answer_start"], strict=True)
            answers = [{"text": text, "answer_start": start} for text, start in pairs]
        yield f"{path}: row {number}", {**told, **row, "answers": answers}


def _question(
    row: Mapping[str, Any], id: str, language: str, path: str, where: str, report: Report
) -> Optional[Question]:
    """A row's question, or `None` if it is not one and was reported."""
    missing = [f'"{key}"' for key in ("question", "context") if not isinstance(row.get(key), str)]
    missing += [] if id else ['"id"']
    answers = _answers(row.get("answers"))
    if missing or answers is None:
        needed = ", no ".join(missing) or 'list "answers" of {"text", "answer_start"}'
        report(where, f"it has no {needed}")
        return None
    question_language = row.get("question_language") or _question_language_from(path) or language
    return Question(id, row["question"], row["context"], answers, language, question_language, where)


def _answers(answers: Any) -> Optional[tuple[Gold, ...]]:
    try:
        return tuple(Gold(answer["text"] + "", int(answer["answer_start"])) for answer in answers or ())
    except (KeyError, TypeError, ValueError):
        return None


def _language_from_id(id: str) -> Optional[str]:
    named = TYDI_ID.match(id)
    return TYDI_LANGUAGES.get(named[1]) if named else None


def _question_language_from(path: str) -> Optional[str]:
    named = MLQA_NAME.search(path)
    return named[2] if named else None


def _check_name(source: Source) -> None:
    # The mapping's key is easily taken for the language of the questions.
    named = MLQA_NAME.search(source.path)
    if named and not source.wants(named[1]):
        raise ConfigurationError(
            f'{source.path}: by its name the contexts are in "{named[1]}", not in {_quoted(source.languages or ())}. '
            "The key of a mapping {language: path} is the language of the contexts."
        )


def _check_languages(source: Source, met: Counter[str]) -> None:
    missing = sorted((source.languages or set()) - set(met))
    if missing:
        there = ", ".join(f"{language} {count}" for language, count in sorted(met.items())) or "none"
        raise ConfigurationError(
            f"{source.path}: no questions in {_quoted(missing)} among {met.total()} ({there}). "
            "Give this language another file, or leave it out."
        )


def _quoted(languages: Iterable[str]) -> str:
    return ", ".join(f'"{language}"' for language in sorted(languages))


def _document(path: str) -> Any:
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise ConfigurationError(
            f"{path}:{error.lineno}: not JSON, or cut short: {error.msg} in column {error.colno}. "
            "Get the file again, or mend it."
        ) from error


def _list(parent: Any, key: str, where: str) -> list:
    found = parent.get(key) if isinstance(parent, dict) else None
    if isinstance(found, list):
        return found
    seen = f"a {type(parent).__name__}"
    if isinstance(parent, dict):
        seen = f"an object with {', '.join(sorted(map(str, parent))) or 'nothing'}"
    raise ConfigurationError(
        f'{where} is {seen}, where SQuAD\'s format has an object with a list "{key}". Convert the file to that format.'
    )
