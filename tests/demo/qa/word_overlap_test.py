"""What a question's words give away by themselves, and that on the demo's questions it is little."""

import pytest

from demo.qa.paragraphs import languages, read
from demo.qa.word_overlap import answer, metrics


@pytest.mark.parametrize(
    ("text", "question", "language", "expected"),
    [
        ("Ina sings. The old cook bakes bread.", "Who bakes bread?", "en", "the old cook"),
        ("एमिल गाता है। रोज़ा रोटी पकाती है।", "रोटी कौन पकाती है?", "hi", "रोज़ा"),
        ("他唱歌。罗莎烤面包。", "谁烤面包？", "zh", "罗莎"),
        ("هو يغني. روزا تخبز الخبز.", "من تخبز الخبز؟", "ar", "روزا"),
    ],
)
def test_the_answer_is_what_the_likeliest_sentence_says_beyond_the_question(text, question, language, expected):
    assert answer(text, question, language) == expected


@pytest.mark.parametrize("split", ["dev", "test"])
def test_words_alone_answer_few_of_the_questions(split):
    found = metrics({code: read(split, code) for code in languages(split)})
    assert all(value < 15 for key, value in found.items() if key.startswith("em/"))
    assert all(value < 35 for key, value in found.items() if key.startswith("f1/"))
