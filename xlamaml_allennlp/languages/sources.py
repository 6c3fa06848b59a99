"""Which files to read for which languages, from whatever a config or a command line gives as data path."""

from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any, Optional

from allennlp.common import Params
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.json_text import parse_json, shown
from xlamaml_allennlp.files.text import text_problem
from xlamaml_allennlp.languages.codes import language_from_file_name


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
        told = row or self.told()
        if not told:
            raise ConfigurationError(
                f"{self.path}: neither its rows nor its name tell the language. "
                f'Give the path as a mapping from the language\'s code: {{"CODE": "{self.path}"}}.'
            )
        return told

    def told(self) -> Optional[str]:
        """The language that the mapping tells, or else the file's name; `None` if neither does."""
        if self.languages is not None and len(self.languages) == 1:
            return next(iter(self.languages))
        return language_from_file_name(self.path)


def list_sources(data_path: str | PathLike | Mapping[str, Any] | Params) -> list[Source]:
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
        if not isinstance(language, str) or text_problem("language", language):
            raise ConfigurationError(
                f"The data path has {shown(language)} as a language. Give codes, such as "
                f'{{"hi": {shown(path) if isinstance(path, str) else "path"}}}.'
            )
        if not isinstance(path, (str, PathLike)) or not str(path).strip():
            raise ConfigurationError(
                f"The data path of language {shown(language)} is {shown(path)}. Give one path per language."
            )
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
    if not isinstance(data_path, str) or not data_path.strip():
        raise ConfigurationError(f"The data path is {shown(data_path)}. Give a path, or a mapping {{language: path}}.")
    if not data_path.lstrip().startswith("{"):
        return None
    try:
        return parse_json(data_path, unique_keys=True)
    except ValueError as error:
        raise ConfigurationError(
            f"The data path {data_path:.200} looks like a JSON object and is not: {error}. "
            'Write it like {"en": "dev.tsv", "hi": "dev.tsv"}.'
        ) from error
