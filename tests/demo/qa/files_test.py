"""The questions of the demo: parallel, well-formed, each answer where its file says, no paragraph in two splits."""

import json
import unicodedata

import pytest

from demo.qa import paragraphs
from demo.qa.files import TRAIN, file_of, files, squad, training
from demo.qa.paragraphs import languages, read

SCRIPTS = {"ar": "ARABIC", "en": "LATIN", "hi": "DEVANAGARI", "ru": "CYRILLIC", "zh": "CJK"}
SIZES = {"dev": 64, "test": 96}
FILES = list(files())
TRANSLATED = [(split, code) for split in SIZES for code in SCRIPTS]


def rows(path):
    """The questions of a file: paragraph, id, question and the only answer."""
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                (answer,) = asked["answers"]
                yield paragraph["context"], asked["id"], asked["question"], answer


def test_the_committed_files_are_those_that_the_paragraphs_make():
    for path, text in files().items():
        assert path.read_text(encoding="utf-8") == text, f"run python -m demo.qa.files: {path.name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_answer_is_where_its_file_says_and_nowhere_else(path):
    for context, _, question, answer in rows(path):
        start, text = answer["answer_start"], answer["text"]
        assert text, question
        assert context[start : start + len(text)] == text, question
        assert context.count(text) == 1 or path == TRAIN, question


@pytest.mark.parametrize("path", [path for path in FILES if "-zh" not in path.name], ids=lambda path: path.stem)
def test_answers_are_whole_words(path):
    for context, _, question, answer in rows(path):
        start, end = answer["answer_start"], answer["answer_start"] + len(answer["text"])
        around = context[max(0, start - 1) : start] + context[end : end + 1]
        assert not any(unicodedata.category(character)[0] in "LMN" for character in around), question


@pytest.mark.parametrize("split", SIZES)
def test_languages_are_parallel_and_no_question_is_left_untranslated(split):
    assert set(languages(split)) == set(SCRIPTS)
    questions = {
        code: {id: (context, question) for context, id, question, _ in rows(file_of(split, code))} for code in SCRIPTS
    }
    assert all(list(asked) == list(questions["en"]) for asked in questions.values())
    assert len(questions["en"]) == SIZES[split]
    for id in questions["en"]:
        assert len({asked[id] for asked in questions.values()}) == len(SCRIPTS)


@pytest.mark.parametrize("split, language", TRANSLATED)
def test_texts_are_in_the_script_of_their_language(split, language):
    letters = {c for paragraph in read(split, language) for c in _texts(paragraph) if c.isalpha()}
    assert {unicodedata.name(letter).split()[0] for letter in letters} == {SCRIPTS[language]}


def _texts(paragraph):
    return paragraph.text + "".join(asked.question + asked.answer for asked in paragraph.questions)


def test_splits_share_no_paragraph_no_sentence_and_no_question_with_its_answer():
    splits = [training(), read("dev", "en"), read("test", "en")]
    sentences = [{s.strip() for p in split for s in p.text.rstrip(".").split(". ")} for split in splits]
    asked = [{(a.question, a.answer) for p in split for a in p.questions} for split in splits]
    for sets in (sentences, asked):
        assert not any(a & b for i, a in enumerate(sets) for b in sets[:i])


def test_ids_are_unique_over_all_splits():
    ids = [id for path in (TRAIN, file_of("dev", "en"), file_of("test", "en")) for _, id, *_ in rows(path)]
    assert len(ids) == len(set(ids))


def test_a_written_paragraph_becomes_one_of_squads(tmp_path, monkeypatch):
    monkeypatch.setattr(paragraphs, "PARAGRAPHS", tmp_path)
    (tmp_path / "dev.en.txt").write_text("Ann sings at noon.\nWhen does Ann sing? | at noon\nWho sings? | Ann\n")
    document = json.loads(squad("dev", read("dev", "en")))
    (paragraph,) = document["data"][0]["paragraphs"]
    assert paragraph == {
        "context": "Ann sings at noon.",
        "qas": [
            {"id": "dev-1-1", "question": "When does Ann sing?", "answers": [{"text": "at noon", "answer_start": 10}]},
            {"id": "dev-1-2", "question": "Who sings?", "answers": [{"text": "Ann", "answer_start": 0}]},
        ],
    }
