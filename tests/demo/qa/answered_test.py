"""Some test questions are shown with a model's answers, the same ones in each script."""

from demo.qa.answered import lay_out, lines
from demo.qa.paragraphs import languages, read

ASKED = [
    {"id": "test-1-1", "language": "en", "context": "Ann sings.", "question": "Who sings?", "gold": "Ann"},
    {"id": "test-9-1", "language": "en", "context": "The cook slept.", "question": "Who slept?", "gold": "The cook"},
    {"id": "test-1-1", "language": "zh", "context": "安唱歌。", "question": "谁唱歌？", "gold": "安"},
]
PREDICTED = [{"answer": "sings", "score": -1.25}, {"answer": "cook", "score": 3.0}, {"answer": "安", "score": 12.34}]


def test_each_language_has_the_same_questions_whatever_the_model_says():
    asked = lines({code: read("test", code) for code in languages("test")})
    ids = {code: [line["id"] for line in asked if line["language"] == code] for code in languages("test")}
    assert all(found == ["test-1-1", "test-9-1", "test-17-1"] for found in ids.values())


def test_a_question_is_laid_out_with_answer_gold_answer_verdict_and_score():
    assert lay_out(ASKED, PREDICTED).splitlines() == [
        "en  English",
        "    question  Who sings?",
        "    answer    sings",
        "    gold      Ann",
        "    wrong, score -1.2",
        "",
        "    question  Who slept?",
        "    answer    cook",
        "    gold      The cook",
        "    right, score 3.0",
        "",
        "zh  Chinese",
        "    question  谁唱歌？",
        "    answer    安",
        "    gold      安",
        "    right, score 12.3",
    ]
