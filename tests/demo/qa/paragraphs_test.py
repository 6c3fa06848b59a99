"""Paragraphs are written without positions, and what is no answer is found by its line."""

import pytest

from demo.qa import paragraphs
from demo.qa.paragraphs import Asked, Paragraph, ParagraphError, read


def test_paragraphs_are_parted_by_empty_lines_and_answers_are_looked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(paragraphs, "PARAGRAPHS", tmp_path)
    (tmp_path / "test.hi.txt").write_text("एक दो।\nक्या? | दो\n\n\nतीन।\nकितने? | तीन\n", encoding="utf-8")
    assert read("test", "hi") == [
        Paragraph("एक दो।", [Asked("क्या?", "दो", 3)]),
        Paragraph("तीन।", [Asked("कितने?", "तीन", 0)]),
    ]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("Ann sings.\nWho sings? | Bob\n", r'test\.en\.txt:2: "Bob" is 0 times in the paragraph'),
        ("Ann sings. Ann dances.\n\nAnn and Ann.\nWho? | Ann\n", r'test\.en\.txt:4: "Ann" is 2 times'),
        ("Ann sings.\nWho sings? Ann\n", r'test\.en\.txt:2: "Who sings\? Ann" is not "question \| answer"'),
    ],
)
def test_a_line_that_is_no_question_with_an_answer_of_its_own_is_named(lines, message, tmp_path, monkeypatch):
    monkeypatch.setattr(paragraphs, "PARAGRAPHS", tmp_path)
    (tmp_path / "test.en.txt").write_text(lines)
    with pytest.raises(ParagraphError, match=message):
        read("test", "en")
