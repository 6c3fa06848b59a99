"""How files tell questions: SQuAD's JSON, which MLQA, XQuAD and TyDi QA GoldP share, and `datasets`."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.encoders.line import shown
from xlamaml_allennlp.files.json_text import parse_json
from xlamaml_allennlp.files.opening import WHOLE, file_name_of, read_text
from xlamaml_allennlp.languages.codes import is_language
from xlamaml_allennlp.languages.hub import is_dataset, loaded, numbered, parsed
from xlamaml_allennlp.languages.sources import Source
from xlamaml_allennlp.qa.question import Question, Report, gold_answers, listed

# Where a row is, and what it holds: id, question, context, answers, language and question_language if it tells them.
PlacedRow = tuple[str, Mapping[str, Any]]
# What is a text if it is told. An id may be a number too.
TEXTS = ("question", "context", "language", "question_language")
# MLQA's name for a file tells the languages of its contexts and of its questions: `test-context-hi-question-de.json`.
MLQA_NAME = re.compile(r"context-([a-z]{2})-question-([a-z]{2})\b")
# TyDi QA GoldP keeps all languages in one file and names them in the ids: `swahili-4063193320833096083-2`.
TYDI_ID = re.compile(r"([a-z]+)-+\d+-\d+$")
TYDI_LANGUAGES = {
    "arabic": "ar", "bengali": "bn", "english": "en", "finnish": "fi", "indonesian": "id", "japanese": "ja",
    "korean": "ko", "russian": "ru", "swahili": "sw", "telugu": "te", "thai": "th",
}  # fmt: skip


def read_questions(source: Source, report: Report, numbered: bool = False, limit: int = WHOLE) -> Iterator[Question]:
    """
    The questions of a file or a data set, in its order.

    # Parameters

    source : `Source`
        A file in SQuAD's format, or a data set of `datasets`, and the languages wanted from it.
    report : `Callable[[str, str], None]`
        Told the place and the problem of what is not a question.
    numbered : `bool`, optional (default = `False`)
        Whether a question's number in the file, from 0, is its id, for files whose ids repeat.
    limit : `int`, optional (default = `250_000_000`)
        The most bytes of the file, unpacked.

    # Raises

    `ConfigurationError`
        If the file is not there, is larger or has another format, nothing tells the language, its name tells another
        than the mapping, or a language that is wanted is not in it.
    """
    _check_name(source)
    rows = _dataset_rows(source.path) if is_dataset(source.path) else _squad_rows(source.path, limit)
    met: Counter[str] = Counter()
    for number, (where, row) in enumerate(rows):
        own = _id(row)
        id = str(number) if numbered else own
        where = f'{where}, question "{id:.80}"'
        if odd := next((key for key in TEXTS if not isinstance(row.get(key, ""), (str, type(None)))), None):
            report(where, f'its "{odd}" is {shown(row[odd])}, not a text')
            continue
        language = source.language(row.get("language") or _language_from_id(own))
        met[language] += 1
        if source.wants(language) and (found := _question(row, number, id, language, source.path, where, report)):
            yield found
    _check_languages(source, met)


def _squad_rows(path: str, limit: int) -> Iterator[PlacedRow]:
    # {"data": [{"paragraphs": [{"context", "qas": [{"id", "question", "answers": [{"text", "answer_start"}]}]}]}]};
    # whatever else is there (version, title) may be missing.
    for a, article in enumerate(_list(_document(path, limit), "data", f"{path}: at the top")):
        for p, paragraph in enumerate(_list(article, "paragraphs", f"{path}: data[{a}]")):
            where = f"{path}: data[{a}].paragraphs[{p}]"
            for question in _list(paragraph, "qas", where):
                yield where, {**paragraph, **question} if isinstance(question, dict) else {}


def _dataset_rows(path: str) -> Iterator[PlacedRow]:
    # Configurations are named "hi", "xquad.hi", or by context and question, "mlqa.hi.de".
    codes = [part for part in (parsed(path).config or "").split(".") if is_language(part)]
    told = dict(zip(("language", "question_language"), codes, strict=False))
    for number, row in numbered(path, loaded(path)):
        yield f"{path}: row {number - 1}", {**told, **row, "answers": listed(row.get("answers"))}


def _id(row: Mapping[str, Any]) -> str:
    """A row's own id; empty if it has none that is a text or a whole number."""
    id = row.get("id")
    return str(id) if isinstance(id, (str, int)) and not isinstance(id, bool) else ""


def _question(
    row: Mapping[str, Any], number: int, id: str, language: str, path: str, where: str, report: Report
) -> Optional[Question]:
    """A row's question, or `None` if it is not one and was reported."""
    missing = [f'"{key}"' for key in ("question", "context") if not isinstance(row.get(key), str)]
    missing += [] if id else ['"id"']
    answers = gold_answers(row.get("answers"))
    if missing or answers is None:
        needed = ", no ".join(missing) or 'list "answers" of {"text": a text, "answer_start": a whole number}'
        report(where, f"it has no {needed}")
        return None
    question_language = row.get("question_language") or _question_language_from(path) or language
    return Question(id, row["question"], row["context"], answers, language, question_language, where, number)


def _language_from_id(id: str) -> Optional[str]:
    named = TYDI_ID.match(id)
    return TYDI_LANGUAGES.get(named[1]) if named else None


def _question_language_from(path: str) -> Optional[str]:
    named = MLQA_NAME.search(file_name_of(path))
    return named[2] if named else None


def _check_name(source: Source) -> None:
    # The mapping's key is easily taken for the language of the questions.
    named = MLQA_NAME.search(file_name_of(source.path))
    # With a script or a region, "zh-Hans", it is still that language.
    wanted = {re.split("[-_]", language)[0] for language in source.languages or ()}
    if named and wanted and named[1] not in wanted:
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


def _document(path: str, limit: int) -> Any:
    text = read_text(path, limit)
    try:
        return parse_json(text)
    except ValueError as error:
        if _is_json_lines(text):
            raise ConfigurationError(
                f'{path}: JSON lines, an object in each line, where SQuAD\'s format is one object with a list "data". '
                "Convert the file to that format."
            ) from error
        raise ConfigurationError(f"{path}: {error}. Get the file again, or mend it.") from error


def _is_json_lines(text: str) -> bool:
    first, _, rest = text.lstrip().partition("\n")
    try:
        return rest.lstrip().startswith("{") and isinstance(parse_json(first), dict)
    except ValueError:
        return False


def _list(parent: Any, key: str, where: str) -> list:
    found = parent.get(key) if isinstance(parent, dict) else None
    if isinstance(found, list):
        return found
    seen = f"a {type(parent).__name__}"
    if isinstance(parent, dict):
        seen = f"an object with {', '.join(sorted(parent))[:200] or 'nothing'}"
    raise ConfigurationError(
        f'{where} is {seen}, where SQuAD\'s format has an object with a list "{key}". Convert the file to that format.'
    )
