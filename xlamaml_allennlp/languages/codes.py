"""What is a language's code (BCP 47), and what a file's name tells by one."""

import re
from functools import lru_cache
from typing import Optional

from langcodes import tag_is_valid

from xlamaml_allennlp.files.opening import file_name_of
from xlamaml_allennlp.languages.known_codes import (
    BESIDE_A_SPLIT,
    NOT_AT_THE_HEAD,
    THREE_LETTERS,
    TWO_LETTERS,
    WITH_SCRIPT,
)

SPLITS = frozenset("train dev devel test val valid validation eval".split())
# Regions (Qatar, Malta) whose codes say what a data set is: questions and answers, machine translation.
TASKS = frozenset("QA MT".split())
ENDINGS = re.compile(r"(\.(tsv|txt|csv|json|jsonl|ndjson|gz|bz2|xz|zip|tar|tgz))+$", re.IGNORECASE)
CODE = re.compile(r"[a-z]{2,3}")
SCRIPT, REGION = re.compile(r"[A-Z][a-z]{3}"), re.compile(r"[A-Z]{2}|\d{3}")


@lru_cache(maxsize=10_000)
def is_language(tag: str) -> bool:
    """
    Whether a text is the code of a language where it might say something else: one of `known_codes` ("hi", "hau"), also
    with a script or a region ("zh-Hant", "pt-BR"). A code that is a word needs a script: "mt-Latn", "cat-Latn".
    """
    code, *more = re.split("[-_]", tag)
    if not more:
        return code.lower() in TWO_LETTERS | THREE_LETTERS
    if is_language(more[-1]) and more[-1].islower():
        return False  # a pair of languages: "en-es"
    written = SCRIPT.fullmatch(more[0]) and (re.fullmatch("[a-z]{2}", code) or code in WITH_SCRIPT)
    return bool(written or is_language(code)) and tag_is_valid(tag)


@lru_cache(maxsize=1000)
def language_from_file_name(path: str) -> Optional[str]:
    """
    The language that a file's name tells, if it tells exactly one.

    It is the last part of the name, whatever stands for the split left out: `dev-hi.tsv`, `xquad.hi.json`,
    `multinli.train.ur.tsv`, `tydiqa.goldp.en.train.json`, `test-zh-Hant.tsv`; of MLQA's
    `dev-context-hi-question-de.json` that of the context. A code of three letters stands beside the split, or is all
    of the name: `test-hau.tsv`, `hau.jsonl`. `xnli.dev.tsv`, `train-v1.1.json` and `multinli_1.0_dev_matched.jsonl`
    tell none.
    """
    # Whoever gives a name of thousands of letters names no language by it.
    parts = _joined(re.split(r"[._\-]+", ENDINGS.sub("", file_name_of(path)[-1000:])))
    if "context" in parts[:-1]:
        named = parts[parts.index("context") + 1]
        return named if is_language(named) else None
    codes = {part for i, part in enumerate(parts) if _tells(parts, i)}
    tail = [part for part in parts if part.lower() not in SPLITS][-1:]
    return tail[0] if len(codes) == 1 and tail[0] in codes else None


def _joined(parts: list[str]) -> list[str]:
    """A code's script (`Hant`) and region (`TW`) put back to it, told by their capitals; the rest in small letters."""
    joined: list[str] = []
    open_ended = False
    for part in parts:
        longer = f"{joined[-1]}-{part}" if joined and open_ended else ""
        if longer and part not in TASKS and (SCRIPT.fullmatch(part) or REGION.fullmatch(part)) and is_language(longer):
            joined[-1] = longer
            continue
        open_ended = CODE.fullmatch(part) is not None
        joined.append(part.lower())
    return joined


def _tells(parts: list[str], i: int) -> bool:
    part = parts[i]
    if not is_language(part) or (i == 0 and part in NOT_AT_THE_HEAD):
        return False
    beside = any(neighbour in SPLITS for neighbour in (*parts[max(i - 1, 0) : i], *parts[i + 1 : i + 2]))
    if part in BESIDE_A_SPLIT:
        return beside
    return len(part.split("-")[0]) == 2 or "-" in part or beside or len(parts) == 1
