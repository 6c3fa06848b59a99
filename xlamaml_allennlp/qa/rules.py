"""What counts as the same answer: how the official evaluations of MLQA and of SQuAD v1.1 normalise a text."""

import re
import string
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Optional

from allennlp.common.checks import ConfigurationError

# As `str.translate` takes it: these characters to nothing.
ASCII_PUNCTUATION: Mapping[int, None] = dict.fromkeys(map(ord, string.punctuation))


@cache
def unicode_punctuation() -> Mapping[int, None]:
    """The same of all of Unicode, of which there is so much that only who needs it looks for it."""
    codes = range(sys.maxunicode + 1)
    return {
        **ASCII_PUNCTUATION,
        **dict.fromkeys(code for code in codes if unicodedata.category(chr(code)).startswith("P")),
    }


@dataclass(frozen=True)
class Normaliser:
    """
    How the answers of one language are normalised before they are compared.

    # Parameters

    articles : `Optional[re.Pattern[str]]`, optional (default = `None`)
        What becomes a space, after lower-casing and the removal of punctuation. `None`: nothing.
    own_token : `Optional[re.Pattern[str]]`, optional (default = `None`)
        Characters that are a token each; what is between them is cut at white space. `None`: no character is.
    ascii_only : `bool`, optional (default = `False`)
        Whether only ASCII's punctuation is deleted, not all of Unicode's categories P too.
    """

    articles: Optional[re.Pattern[str]] = None
    own_token: Optional[re.Pattern[str]] = None
    ascii_only: bool = False

    def tokens(self, text: str) -> list[str]:
        """The tokens of an answer; two answers match exactly when these are equal."""
        text = text.lower().translate(ASCII_PUNCTUATION if self.ascii_only else unicode_punctuation())
        if self.articles is not None:
            text = self.articles.sub(" ", text)
        if self.own_token is not None:
            text = self.own_token.sub(r" \g<0> ", text)
        return text.split()


def _whole_words(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(words.split())})\b")


ENGLISH_ARTICLES = _whole_words("a an the")
# The rules of MLQA's evaluation (Lewis et al. 2020). A Chinese token is one ideograph; punctuation marks would be
# tokens of their own too, but are deleted before.
MLQA: Mapping[str, Normaliser] = {
    "ar": Normaliser(re.compile(r"\sال^|ال")),
    "de": Normaliser(_whole_words("ein eine einen einem eines einer der die das den dem des")),
    "en": Normaliser(ENGLISH_ARTICLES),
    "es": Normaliser(_whole_words("un una unos unas el la los las")),
    "hi": Normaliser(),
    "vi": Normaliser(_whole_words("của là cái chiếc những")),
    "zh": Normaliser(own_token=re.compile("[\u4e00-\u9fa5]")),
}
SQUAD: Mapping[str, Normaliser] = {"en": Normaliser(ENGLISH_ARTICLES, ascii_only=True)}
# Thai writes no spaces between words.
WITH_THAI: Mapping[str, Normaliser] = {**MLQA, "th": Normaliser(own_token=re.compile(r"\S"))}

# By name: the languages' rules, and those of all other languages (`None`: such a language is an error).
RULES: Mapping[str, tuple[Mapping[str, Normaliser], Optional[Normaliser]]] = {
    "mlqa": (MLQA, None),
    "squad_v1.1": (SQUAD, None),
    "any_language": (WITH_THAI, Normaliser()),
}


def normaliser(language: str, rules: str = "mlqa") -> Normaliser:
    """
    How answers in a language are normalised.

    # Parameters

    language : `str`
        The language of the context, from which the answers are taken, with a script or region ("zh-TW") or without.
    rules : `str`, optional (default = `"mlqa"`)
        `"mlqa"`: those of MLQA's evaluation, for its seven languages. `"squad_v1.1"`: those of SQuAD's, for English.
        `"any_language"`: MLQA's for its languages, Thai by character, all others by white space, both without
        Unicode punctuation.

    # Raises

    `ConfigurationError`
        If there are no such rules, or none for the language.
    """
    if rules not in RULES:
        raise ConfigurationError(f'rules: "{rules}" is none of {", ".join(RULES)}.')
    languages, others = RULES[rules]
    # A script or a region changes no rule: zh-TW and zh-Hant are compared as zh.
    found = languages.get(re.split("[-_]", language)[0].lower(), others)
    if found is None:
        raise ConfigurationError(
            f'The rules "{rules}" do not say how answers in "{language}" are compared, only those in '
            f'{", ".join(sorted(languages))}. Set rules: "any_language" on the model to compare other languages by '
            "white space, or name the language of the contexts right with {language: path}."
        )
    return found
