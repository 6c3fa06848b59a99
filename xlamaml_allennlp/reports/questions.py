"""What kind of question a question is, and how long its answer."""

import re
from collections.abc import Sequence
from typing import Any

OTHER = "other"
KINDS = ("what", "which", "who", "when", "where", "why", "how", "how many", OTHER)

# By language, the forms of each kind; of two that fit, the one that comes first in the question is meant, and of two at
# one place the longer. A star stands for any ending. Written for the languages of MLQA.
WORDS: dict[str, dict[str, str]] = {
    "en": {
        "what": "what|what's", "which": "which", "who": "who|whom|whose|who's", "when": "when", "where": "where",
        "why": "why", "how": "how", "how many": "how many|how much|how long|how old|how often|how far",
    },
    "de": {
        "what": "was|wofür|womit|wovon|woran", "which": "welch*", "who": "wer|wen|wem|wessen",
        "when": "wann|seit wann", "where": "wo|wohin|woher", "why": "warum|wieso|weshalb", "how": "wie",
        "how many": "wie viel*|wieviel*|wie lang*|wie oft|wie alt",
    },
    "es": {
        "what": "qué", "which": "cuál|cuáles", "who": "quién|quiénes", "when": "cuándo", "where": "dónde|adónde",
        "why": "por qué", "how": "cómo", "how many": "cuánt*",
    },
    "vi": {
        "what": "gì|cái gì", "which": "nào", "who": "ai", "when": "khi nào|bao giờ|năm nào|ngày nào",
        "where": "đâu|ở đâu|nơi nào", "why": "tại sao|vì sao", "how": "như thế nào|thế nào|bằng cách nào",
        "how many": "bao nhiêu|bao lâu|mấy",
    },
    "hi": {
        "what": "क्या", "which": "कौन सा|कौन सी|कौन से|किस|किन", "who": "कौन|किसने|किसको|किसका|किसकी|किसके",
        "when": "कब", "where": "कहाँ|कहां", "why": "क्यों", "how": "कैसे|कैसा|कैसी", "how many": "कितने|कितना|कितनी",
    },
    "ar": {
        "what": "ما|ماذا|بماذا", "which": "أي|أية|اي", "who": "من هو|من هي|من|لمن", "when": "متى", "where": "أين|اين",
        "why": "لماذا|لم", "how": "كيف", "how many": "كم",
    },
    "zh": {
        "what": "什么|甚麼|什麼|何", "which": "哪个|哪個|哪些|哪一|哪", "who": "谁|誰",
        "when": "何时|何時|什么时候|什麼時候|哪年|哪一年", "where": "哪里|哪裡|哪儿|何处|何處|在哪",
        "why": "为什么|為什麼|为何|為何", "how": "如何|怎么|怎樣|怎样|怎麼", "how many": "多少|几|幾|多久|多长|多大",
    },
}  # fmt: skip
# Written without spaces, so that words have no edges.
UNSPACED = ("zh",)
RANGES = ((5, "1 to 5"), (10, "6 to 10"), (20, "11 to 20"), (40, "21 to 40"))
LENGTHS = (*(name for _, name in RANGES), "over 40")


def _pattern(language: str) -> re.Pattern[str]:
    forms = {form: kind for kind, text in WORDS[language].items() for form in text.split("|")}
    edge = "" if language in UNSPACED else r"(?<!\w)(?:{})(?!\w)"
    longest = sorted(forms, key=len, reverse=True)
    inner = "|".join(re.escape(form).replace(r"\*", r"\w*") for form in longest)
    return re.compile(edge.format(inner) if edge else inner, re.IGNORECASE)


PATTERNS = {language: _pattern(language) for language in WORDS}
KIND_OF = {
    language: [
        (re.compile(re.escape(form).replace(r"\*", r"\w*"), re.IGNORECASE), kind)
        for kind, forms in kinds.items()
        for form in forms.split("|")
    ]
    for language, kinds in WORDS.items()
}


def question_word(question: str, language: str) -> str:
    """
    The kind of a question, one of `KINDS`, by its first question word. "other" where it has none, or the language is
    none of MLQA's.

    # Parameters

    question : `str`
        The question.
    language : `str`
        Its language.
    """
    own = language.split("-")[0]
    found = PATTERNS[own].search(question) if own in PATTERNS else None
    if found is None:
        return OTHER
    return next(kind for pattern, kind in KIND_OF[own] if pattern.fullmatch(found.group()))


def length_of(gold: Sequence[Any]) -> str:
    """The range of an answer's length in characters, by its shortest gold answer: one of `LENGTHS`."""
    shortest = min(map(len, map(str, gold)), default=0)
    return next((name for limit, name in RANGES if shortest <= limit), LENGTHS[-1])
