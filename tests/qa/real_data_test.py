"""Every question of the real files: found in the tokens, and given back by them."""

import os
import unicodedata
from pathlib import Path

import pytest
from transformers import AutoTokenizer

from xlamaml_allennlp.languages.sources import Source
from xlamaml_allennlp.qa.answer_span import token_span
from xlamaml_allennlp.qa.formats import questions
from xlamaml_allennlp.qa.windows import Windows

ENCODER = os.environ.get("XLAMAML_ENCODER")
LANGUAGES = "ar de en es hi vi zh".split()
# By language: how many questions there are, at least.
MLQA = {"ar": 517, "de": 512, "en": 1148, "es": 500, "hi": 507, "vi": 511, "zh": 504}


def files(shared: Path, language: str) -> list[Path]:
    data = shared / "data"
    named = [data / "MLQA_V1" / "dev" / f"dev-context-{language}-question-{language}.json"]
    named += [data / "xquad" / f"xquad.{language}.json"]
    if ENCODER is not None:  # half a minute with a tokenizer that knows single letters only
        named += [data / "tydiqa" / f"tydiqa.goldp.{language}.train.json"]
    return [path for path in named if path.exists()]


@pytest.fixture(scope="module")
def tokenizer(bert_folder):
    """A real encoder's tokenizer where XLAMAML_ENCODER names its folder, else that of the tiny BERT."""
    return AutoTokenizer.from_pretrained(ENCODER or bert_folder)


def visible(text: str) -> str:
    # Without the control and format characters that tokenizers drop.
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf")).strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tokens_of_every_gold_answer_give_back_its_text(shared, tokenizer, language):
    windows = Windows(tokenizer, 384, 128, 64)
    found = [q for path in files(shared, language) for q in questions(Source(str(path)), pytest.fail)]
    assert len(found) >= MLQA[language]
    texts = list(dict.fromkeys(question.context for question in found))
    contexts = dict(zip(texts, windows.contexts(texts), strict=True))
    back = 0
    for question in found:
        assert question.problem() is None
        (gold,) = question.answers
        context = contexts[question.context]
        span = token_span(context.offsets, gold.start, gold.end)
        text = context.text(span, question.context)
        # A token may hold more than the answer's end ("2008," for 2008), but then not without it.
        first, last = context.offsets[span[0]], context.offsets[span[1]]
        assert first[1] > gold.start
        assert last[0] < gold.end
        back += visible(gold.text) in visible(text)
    assert back >= 0.995 * len(found)
