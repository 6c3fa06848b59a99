"""Every question of the real files: found in the tokens, and given back by them."""

import unicodedata

import pytest
from transformers import AutoTokenizer

from demo.encoder import fast_tokenizer
from demo.origin import packed_file
from demo.packed import PackedEncoder
from xlamaml_allennlp.languages.sources import Source
from xlamaml_allennlp.qa.answer_span import token_span
from xlamaml_allennlp.qa.formats import questions
from xlamaml_allennlp.qa.metric import exact_match
from xlamaml_allennlp.qa.windows import Windows

# By language: how many questions MLQA has, at least, and the exact match of gold answers as XLM-R's pieces hold them,
# in percent: pieces like "2008," or "▁وال" hold more than the answer, and no model can answer with less.
LANGUAGES = {
    "ar": (517, 98.3),
    "de": (512, 98.6),
    "en": (1148, 99.7),
    "es": (500, 99.1),
    "hi": (507, 99.7),
    "vi": (511, 98.8),
    "zh": (504, 97.4),
}


@pytest.fixture(scope="module", params=["characters", "XLM-R's pieces"])
def tokenizer(request, bert_folder):
    """The tiny BERT's, which knows single characters only, and a real encoder's."""
    if request.param == "characters":
        return AutoTokenizer.from_pretrained(bert_folder)
    if (file := packed_file()) is None:
        pytest.skip("the demo's encoder, whose tokenizer is XLM-R's, is not installed")
    packed = PackedEncoder(file)
    return fast_tokenizer(packed, range(len(packed.pieces)))


def visible(text: str) -> str:
    # Without the control and format characters that tokenizers drop.
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf")).strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tokens_of_every_gold_answer_give_back_its_text(shared, tokenizer, language):
    least, exact = LANGUAGES[language]
    mlqa = shared / "data" / "MLQA_V1" / "dev" / f"dev-context-{language}-question-{language}.json"
    files = [path for path in (mlqa, shared / "data" / "xquad" / f"xquad.{language}.json") if path.exists()]
    windows = Windows(tokenizer, 384, 128, 64)
    found = [q for path in files for q in questions(Source(str(path)), pytest.fail)]
    assert len(found) >= least
    texts = list(dict.fromkeys(question.context for question in found))
    contexts = dict(zip(texts, windows.tokenized(texts), strict=True))
    back, right = 0, 0.0
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
        right += exact_match(text, [gold.text], language)
    assert back >= 0.995 * len(found)
    assert right / len(found) >= exact
