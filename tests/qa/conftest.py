"""Small files in SQuAD's format, written where a test can take them, and the real ones."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xlamaml_allennlp.qa.dataset_reader import MlqaReader

DELHI = "Delhi is in the north of India. About 32 million people live there (2023)."
GANGES = "गंगा नदी हिमालय से निकलती है और बंगाल की खाड़ी में गिरती है।"


def asked(id: str, question: str, answer: str, context: str, **more: Any) -> dict[str, Any]:
    """A question of SQuAD's format whose answer is where it first occurs."""
    gold = [{"text": answer, "answer_start": context.index(answer)}]
    return {"id": id, "question": question, "answers": gold, **more}


def squad(*paragraphs: tuple[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """A file's content: contexts with their questions."""
    return {"data": [{"paragraphs": [{"context": context, "qas": qas} for context, qas in paragraphs]}]}


ENGLISH = squad(
    (
        DELHI,
        [
            asked("q1", "Where is Delhi?", "in the north of India", DELHI),
            asked("q2", "How many people live in Delhi?", "About 32 million", DELHI),
        ],
    )
)
HINDI = squad((GANGES, [asked("q1", "गंगा नदी कहाँ से निकलती है?", "हिमालय", GANGES)]))


@pytest.fixture
def write(tmp_path) -> Callable[[str, Any], str]:
    """Writes a file (what is neither text nor bytes as JSON) and returns its path."""

    def written(name: str, content: Any) -> str:
        path: Path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, (str, bytes)):
            content = json.dumps(content, ensure_ascii=False)
        # Half a surrogate pair, which UTF-8 does not have, is written as JSON's escape.
        path.write_bytes(content.encode(errors="backslashreplace") if isinstance(content, str) else content)
        return str(path)

    return written


@pytest.fixture
def english(write) -> str:
    return write("xquad.en.json", ENGLISH)


@pytest.fixture
def hindi(write) -> str:
    return write("xquad.hi.json", HINDI)


@pytest.fixture(scope="session")
def reader(bert_folder) -> MlqaReader:
    return MlqaReader(str(bert_folder))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the repository, or where the variable XLAMAML_SHARED says."""
    default = Path(__file__).parents[3] / "shared"
    folder = Path(os.environ.get("XLAMAML_SHARED", default))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}; the variable XLAMAML_SHARED tells where it is")
    return folder
