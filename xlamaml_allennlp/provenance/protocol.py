"""What a run may train on, select on and test on, as its config declares it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any, Optional

from allennlp.common import FromParams, Params
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.languages.sources import list_sources
from xlamaml_allennlp.languages.spelling import is_among
from xlamaml_allennlp.provenance.fingerprint_file import SPLITS, split_of
from xlamaml_allennlp.provenance.manifest import Manifest

# The config's key of the data for each use.
PATHS = {"train": "train_data_path", "select": "validation_data_path", "test": "test_data_path"}
DOES = {"train": "trains on", "select": "selects its best epoch on", "test": "tests on"}


@dataclass(frozen=True)
class Allowed:
    """
    What one use may take. `None`: anything.

    # Parameters

    languages : `Optional[Tuple[str, ...]]`
        Codes, however spelt; "zh" stands for "zh-TW" too.
    splits : `Optional[Tuple[str, ...]]`
        Of "train", "dev" and "test", as names of files tell.
    files : `Optional[Tuple[str, ...]]`
        Patterns of paths or of their last part, such as "xnli.dev.*".
    """

    languages: Optional[tuple[str, ...]] = None
    splits: Optional[tuple[str, ...]] = None
    files: Optional[tuple[str, ...]] = None

    def breach(self, language: Optional[str], path: str) -> Optional[tuple[str, str, Any]]:
        """
        The first rule that a file breaks: its key, what breaks it, and what it allows; `None` if it breaks none.

        # Parameters

        language : `Optional[str]`
            A language of its examples; `None` if nothing tells it yet.
        path : `str`
            The file.
        """
        if language is not None and self.languages is not None and not is_among(language, self.languages):
            return "languages", f'the language "{language}"', self.languages
        if self.splits is not None and (split := split_of(path)) not in self.splits:
            return "splits", f'the split "{split}"' if split else "a file whose name tells no split", self.splits
        names = path, re.split(r"[/\\]", path)[-1]
        if self.files is not None and not any(fnmatch(name, rule) for rule in self.files for name in names):
            return "files", "this file", self.files
        return None


class Protocol(FromParams):
    """
    What a run, and the stages that it starts from, may train on, select on (validate on: that chooses the best epoch)
    and test on. A breach is an error before anything is trained or evaluated.

    Each key holds "*" for anything, a list of languages (an empty one: nothing), or a mapping of `languages`, `splits`
    ("train", "dev", "test", as names of files tell) and `files` (patterns of paths), all of which must be met.

    # Parameters

    train : `Any`, optional (default = `"*"`)
        What may be trained on.
    select : `Any`, optional (default = `"*"`)
        What may be validated on.
    test : `Any`, optional (default = `"*"`)
        What may be tested on, after training and by `allennlp evaluate`.

    # Raises

    `ConfigurationError`
        If a key holds something else.
    """

    def __init__(self, train: Any = "*", select: Any = "*", test: Any = "*") -> None:
        self._allowed = {
            use: _allowed(f"protocol.{use}", value)
            for use, value in (("train", train), ("select", select), ("test", test))
        }

    @property
    def is_declared(self) -> bool:
        """Whether there is anything that it does not allow."""
        return any(allowed != Allowed() for allowed in self._allowed.values())

    def check_paths(self, use: str, data_path: Any) -> None:
        """Raises a `ConfigurationError` if a data path tells, before it is read, that it must not be used so."""
        try:
            files = list_sources(data_path)
        except ConfigurationError:
            return  # the reader says what is wrong with it, or knows what it means
        for file in files:
            for language in sorted(file.languages) if file.languages else [file.told()]:
                self.check(use, language, file.path)

    def check_read(self, manifest: Manifest, *uses: str) -> None:
        """Raises a `ConfigurationError` if a stage has read something that must not be used so."""
        for stage, read in manifest.read(*uses):
            for language in read.languages:
                self.check(read.use, language, read.source, stage.name)

    def check(self, use: str, language: Optional[str], path: str, stage: Optional[str] = None) -> None:
        """Raises a `ConfigurationError` if a file of a language must not be used so; `stage` is whose fault it is."""
        broken = self._allowed[use].breach(language, path)
        if broken is None:
            return
        rule, what, allowed = broken
        only = f"only {', '.join(allowed)}" if allowed else "nothing"
        whose = f"the stage {stage}" if stage else "the run"
        named = f" in {language}" if language and rule != "languages" else ""
        raise ConfigurationError(
            f"protocol.{use}: {whose} {DOES[use]} {what} ({PATHS[use]}: {path}{named}), and the protocol allows {only} "
            f"({rule}). Take it out of {PATHS[use]}, or, if that is what you want, declare it in protocol.{use}."
        )


def _allowed(key: str, value: Any) -> Allowed:
    if isinstance(value, Params):
        value = value.as_dict(quiet=True)
    if value == "*":
        return Allowed()
    if not isinstance(value, Mapping):
        return Allowed(languages=_texts(key, value))
    if unknown := sorted(set(value) - {"languages", "splits", "files"}):
        raise ConfigurationError(f'{key}: "{unknown[0]}" is none of languages, splits, files.')
    rules = {name: None if rule in (None, "*") else _texts(f"{key}.{name}", rule) for name, rule in value.items()}
    for split in rules.get("splits") or ():
        if split not in SPLITS.values():
            raise ConfigurationError(f'{key}.splits: "{split}" is none of {", ".join(dict.fromkeys(SPLITS.values()))}.')
    return Allowed(**rules)


def _texts(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(one, str) and one for one in value):
        raise ConfigurationError(
            f'{key} is {value!r:.80}. Give "*", a list such as ["en", "hi"], or '
            '{"languages": ["en"], "splits": ["dev"], "files": ["xnli.dev.*"]}.'
        )
    return tuple(value)
