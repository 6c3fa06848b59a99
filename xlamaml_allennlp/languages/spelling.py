"""One spelling for every code of a language: zho, cmn and zh are Chinese, iw is Hebrew, zh_TW is zh-TW."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Optional

from langcodes import Language, standardize_tag

# Of Norwegian's codes, the one for all of it stands for Bokmål in most data sets; langcodes keeps the two apart.
SAME = {"no": "nb"}


@lru_cache(maxsize=10_000)
def spelling(code: str) -> str:
    """
    A code as BCP 47 spells it, with the macrolanguage for its standard form, in small letters: "zh-tw" of "zh_TW",
    "zh" of "cmn", "sr-latn" of "sh". What is no code stays as it is, in small letters.
    """
    hyphened = code.replace("_", "-")
    try:
        language, *more = standardize_tag(hyphened, macro=True).casefold().split("-")
    except ValueError:
        return hyphened.casefold()
    return "-".join((SAME.get(language, language), *more))


def base_language(code: str) -> str:
    """The language without script, region and all else: "zh" of "zh_TW", "zho-Hans" and "cmn"."""
    return spelling(code).split("-")[0]


def is_among(code: str, allowed: Iterable[str]) -> bool:
    """Whether a language is one of some: itself, or by the language that it is a region's or script's form of."""
    spelt = spelling(code)
    return any(spelt == one or spelt.startswith(f"{one}-") for one in map(spelling, allowed))


@lru_cache(maxsize=10_000)
def is_written_alike(one: str, other: str) -> bool:
    """
    Whether texts in both are texts of one language: "EN" and "en", "zh_CN" and "zho"; but neither "zh-TW" and "zh",
    which is written in other characters, nor "pt-BR" and "pt-PT".
    """
    return (is_among(one, [other]) or is_among(other, [one])) and _script(one) == _script(other)


def _script(code: str) -> Optional[str]:
    try:
        return Language.get(spelling(code)).maximize().script
    except ValueError:
        return None
