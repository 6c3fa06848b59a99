"""
The questions of the demo as AllenNLP reads them: files in SQuAD's format, named as MLQA's.

    python -m demo.qa.files        writes demo/qa/data/**/*.json anew, after a paragraph was changed
"""

import json
from collections.abc import Sequence
from pathlib import Path

from demo.qa.facts import composed
from demo.qa.paragraphs import DATA, Paragraph, languages, read

TRAIN = DATA / "train.en.json"


def file_of(split: str, language: str) -> Path:
    """Where the questions of `dev` or `test` in a language are, as in MLQA."""
    return DATA / split / f"{split}-context-{language}-question-{language}.json"


def squad(split: str, paragraphs: Sequence[Paragraph]) -> str:
    """Paragraphs as SQuAD's files hold them. The same id means a translation."""
    articles = [
        {"title": f"{split} {number}", "paragraphs": [_entry(f"{split}-{number}", paragraph)]}
        for number, paragraph in enumerate(paragraphs, start=1)
    ]
    return json.dumps({"version": "1.1", "data": articles}, ensure_ascii=False, indent=1) + "\n"


def _entry(name: str, paragraph: Paragraph) -> dict:
    asked = [
        {"id": f"{name}-{number}", "question": question, "answers": [{"text": answer, "answer_start": start}]}
        for number, (question, answer, start) in enumerate(paragraph.questions, start=1)
    ]
    return {"context": paragraph.text, "qas": asked}


def training() -> list[Paragraph]:
    """The paragraphs of English fine-tuning: those written out, and those composed of facts."""
    return [*read("train", "en"), *composed()]


def files() -> dict[Path, str]:
    """The text of every file of data."""
    texts = {TRAIN: squad("train", training())}
    for split in ("dev", "test"):
        texts.update({file_of(split, code): squad(split, read(split, code)) for code in languages(split)})
    return texts


if __name__ == "__main__":
    for path, text in files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        count = text.count('"question":')
        print(f"{path}: {count:,} questions")
