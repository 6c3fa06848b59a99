"""Every question of the real files: found in the tokens, and given back by them."""

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from transformers import AutoTokenizer

from demo.encoder import fast_tokenizer
from demo.origin import packed_file
from demo.packed import PackedEncoder
from xlamaml_allennlp.languages.sources import Source
from xlamaml_allennlp.qa.answer_span import MAX_ANSWER_LENGTH, token_span
from xlamaml_allennlp.qa.formats import read_questions
from xlamaml_allennlp.qa.metric import exact_match, f1
from xlamaml_allennlp.qa.question import Question
from xlamaml_allennlp.qa.windows import Windows

# By language: how many questions the files have, at least.
LANGUAGES = {"ar": 517, "de": 512, "en": 1148, "es": 500, "hi": 507, "vi": 511, "zh": 504}
XLMR = "XLM-R's pieces"
# The table of docs/questions.md, in percent of MLQA's development questions: answers of more than 30 pieces, then exact
# match and F1 of the best spans there are for the gold answers, of any length and of 30 pieces at most. Pieces like
# "2008," or "▁وال" hold more than the answer, and no model can answer with less.
CEILINGS = {
    "ar": (2.3, 95.2, 98.3, 93.0, 98.0),
    "de": (1.4, 98.6, 99.0, 97.3, 98.8),
    "en": (0.6, 99.7, 99.7, 99.1, 99.7),
    "es": (2.2, 97.4, 99.0, 95.4, 98.7),
    "hi": (1.6, 99.8, 100.0, 98.2, 99.8),
    "vi": (0.6, 98.8, 99.3, 98.2, 99.3),
    "zh": (2.6, 97.4, 99.2, 95.0, 99.0),
}


@pytest.fixture(scope="module", params=["characters", XLMR])
def tokenizer(request, bert_folder):
    """The tiny BERT's, which knows single characters only, and a real encoder's."""
    if request.param == "characters":
        return AutoTokenizer.from_pretrained(bert_folder)
    if (file := packed_file()) is None:
        pytest.skip("the demo's encoder, whose tokenizer is XLM-R's, is not installed")
    packed = PackedEncoder(file)
    return fast_tokenizer(packed, range(len(packed.pieces)))


def mlqa(shared: Path, language: str) -> str:
    return str(shared / "data" / "MLQA_V1" / "dev" / f"dev-context-{language}-question-{language}.json")


def visible(text: str) -> str:
    # Without the control and format characters that tokenizers drop.
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf")).strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tokens_of_every_gold_answer_give_back_its_text(shared, tokenizer, language):
    files = [
        path
        for path in (Path(mlqa(shared, language)), shared / "data" / "xquad" / f"xquad.{language}.json")
        if path.exists()
    ]
    windows = Windows(tokenizer, 384, 128, 64)
    found = [q for path in files for q in read_questions(Source(str(path)), pytest.fail)]
    assert len(found) >= LANGUAGES[language]
    texts = list(dict.fromkeys(question.context for question in found))
    contexts = dict(zip(texts, windows.tokenized(texts), strict=True))
    back = 0
    for question in found:
        assert question.problem() is None
        (gold,) = question.answers
        context = contexts[question.context]
        span = token_span(context.offsets, gold.start, gold.end)
        text = context.said(span, question.context)
        # A token may hold more than the answer's end, but then not without it.
        first, last = context.offsets[span[0]], context.offsets[span[1]]
        assert first[1] > gold.start
        assert last[0] < gold.end
        back += visible(gold.text) in visible(text)
    assert back >= 0.995 * len(found)


@pytest.mark.parametrize("tokenizer", [XLMR], indirect=True)
@pytest.mark.parametrize("language", CEILINGS)
def test_what_the_limit_of_an_answers_length_costs_is_what_the_page_on_questions_says(shared, tokenizer, language):
    windows = Windows(tokenizer, 384, 128, 64)
    found = list(read_questions(Source(mlqa(shared, language)), pytest.fail))
    scores = np.array([ceilings(windows, question) for question in found])
    assert (100 * scores.mean(axis=0) * [1, 0.01, 0.01, 0.01, 0.01]).round(1).tolist() == list(CEILINGS[language])


def ceilings(windows: Windows, question: Question) -> tuple[float, ...]:
    """Whether the answer is longer than the limit; EM and F1 of the best span without the limit, and with it."""
    (context,) = windows.tokenized([question.context])
    (gold,) = question.answers
    span = token_span(context.offsets, gold.start, gold.end)
    assert span is not None
    first, last = span
    length = min(last - first + 1, MAX_ANSWER_LENGTH)
    within = [(start, start + length - 1) for start in range(first, last - length + 2)]
    scores = [
        max(score(context.said(span, question.context), [gold.text], question.language) for span in spans)
        for spans in ([(first, last)], within)
        for score in (exact_match, f1)
    ]
    return last - first + 1 > MAX_ANSWER_LENGTH, *scores
