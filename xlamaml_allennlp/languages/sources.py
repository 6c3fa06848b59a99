"""Which files to read for which languages, from whatever a config or a command line gives as data path."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any, Optional

from allennlp.common import Params
from allennlp.common.checks import ConfigurationError

# The languages of XNLI, MLQA, XQuAD, TyDi QA and XTREME.
CODES = frozenset(
    "af ar az bg bn de el en es et eu fa fi fr gu he hi ht hu id it ja jv ka kk ko lt ml mr ms my nl pa pl pt "
    "qu ro ru sw ta te th tl tr uk ur vi wo yo zh".split()
)
# Codes that are English words or everyday abbreviations: at the head of a name (`my-dev.tsv`) they say nothing.
WORDS = frozenset("he id it ml ms my pa".split())
SPLITS = frozenset("train dev test valid validation eval".split())
ENDINGS = re.compile(r"(\.(tsv|txt|csv|json|jsonl|gz|bz2|xz|zip))+$")


@dataclass(frozen=True)
class Source:
    """
    One file (or URL, or dataset) to read, and the languages wanted from it.

    # Parameters

    path : `str`
        The file.
    languages : `Optional[frozenset[str]]`
        Languages wanted; rows of others are left out. `None`: all of them.
    """

    path: str
    languages: Optional[frozenset[str]] = None

    def wants(self, language: str) -> bool:
        """Whether a row of this language is to be read."""
        return self.languages is None or language in self.languages

    def language(self, row: Optional[str] = None) -> str:
        """
        The language of a row: from the row itself, else from the mapping, else from the file's name.

        # Raises

        `ConfigurationError`
            If none of them tells it.
        """
        if row:
            return row
        if self.languages is not None and len(self.languages) == 1:
            return next(iter(self.languages))
        named = language_from_file_name(self.path)
        if named is None:
            raise ConfigurationError(
                f"{self.path}: neither its rows nor its name tell the language. "
                f'Give the path as a mapping: {{"hi": "{self.path}"}}.'
            )
        return named


def sources(data_path: str | PathLike | Mapping[str, Any] | Params) -> list[Source]:
    """
    What a reader has to read, each file once.

    # Parameters

    data_path : `Union[str, PathLike, Mapping[str, Any], Params]`
        A path, or a mapping {language: path} as a dict, as AllenNLP's `Params`, or as the text of a JSON object.

    # Returns

    `list[Source]`
        One source for a path; for a mapping one per distinct path, in the mapping's order, with all its languages.

    # Raises

    `ConfigurationError`
        If the mapping is empty or one of its values is not a path.
    """
    mapping = _mapping(data_path)
    if mapping is None:
        return [Source(str(data_path))]
    languages_of: dict[str, set[str]] = {}
    for language, path in mapping.items():
        if not isinstance(path, (str, PathLike)) or not str(path):
            raise ConfigurationError(f'The data path of language "{language}" is {path!r}. Give one path per language.')
        languages_of.setdefault(str(path), set()).add(language)
    if not languages_of:
        raise ConfigurationError("The data path is an empty mapping. Give {language: path}, or one path.")
    return [Source(path, frozenset(languages)) for path, languages in languages_of.items()]


def _mapping(data_path: Any) -> Optional[Mapping[str, Any]]:
    if isinstance(data_path, Params):
        return data_path.as_dict(quiet=True)
    if isinstance(data_path, Mapping):
        return data_path
    if isinstance(data_path, PathLike):
        return None
    if not isinstance(data_path, str):
        raise ConfigurationError(f"The data path is {data_path!r}. Give a path, or a mapping {{language: path}}.")
    if not data_path.lstrip().startswith("{"):
        return None
    try:
        return json.loads(data_path)
    except json.JSONDecodeError as error:
        raise ConfigurationError(
            f"The data path {data_path} looks like a JSON object and is not: {error}. "
            'Write it like {"en": "dev.tsv", "hi": "dev.tsv"}.'
        ) from error


def language_from_file_name(path: str) -> Optional[str]:
    """
    The language that a file's name tells, if it tells exactly one.

    It is the last part of the name, whatever stands for the split left out: `dev-hi.tsv`, `xquad.hi.json`,
    `multinli.train.ur.tsv`, `tydiqa.goldp.en.train.json`; of MLQA's `dev-context-hi-question-de.json` that of the
    context. `xnli.dev.tsv`, `train-v1.1.json` and `multinli_1.0_dev_matched.jsonl` tell none.
    """
    # `archive.zip!folder/dev-hi.tsv` and `https://host/dev-hi.tsv?download=1` are named by their last part.
    name = re.split(r"[/\\!]", path.split("?")[0])[-1]
    parts = re.split(r"[._\-]+", ENDINGS.sub("", name.lower()))
    if "context" in parts[:-1]:
        named = parts[parts.index("context") + 1]
        return named if named in CODES else None
    codes = {part for i, part in enumerate(parts) if part in CODES and not (i == 0 and part in WORDS)}
    tail = [part for part in parts if part not in SPLITS][-1:]
    return tail[0] if len(codes) == 1 and tail[0] in codes else None
