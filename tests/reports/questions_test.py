"""What kind of question a question is, in the languages of MLQA."""

import pytest

from xlamaml_allennlp.reports.questions import KINDS, LENGTHS, WORDS, length_of, question_word


@pytest.mark.parametrize(
    ("language", "question", "kind"),
    [
        ("en", "In which year did it end?", "which"),
        ("en", "How many camels were there, and who led them?", "how many"),
        ("en", "Name the river.", "other"),
        ("en", "The whole show?", "other"),
        ("de", "Wie viele Kamele waren es?", "how many"),
        ("de", "Woher kam sie?", "where"),
        ("es", "¿Por qué cruzó el río?", "why"),
        ("es", "¿En cuántas horas?", "how many"),
        ("hi", "नदी किसने पार की?", "who"),
        ("ar", "متى عبرت القافلة النهر؟", "when"),
        ("vi", "Đoàn lữ hành qua sông khi nào?", "when"),
        ("zh", "谁渡过了河？", "who"),
        ("zh-Hant", "為什麼渡河？", "why"),
        ("fi", "Kuka?", "other"),
    ],
)
def test_the_first_question_word_tells(language, question, kind):
    assert question_word(question, language) == kind


def test_every_language_knows_every_kind():
    assert all(set(kinds) == set(KINDS) - {"other"} for kinds in WORDS.values())


@pytest.mark.parametrize(("gold", "name"), [(["12345"], 0), (["123456"], 1), (["x" * 41], 4), (["x" * 41, "x"], 0)])
def test_an_answer_is_as_long_as_its_shortest_gold_answer(gold, name):
    assert length_of(gold) == LENGTHS[name]
