"""Where the examples of a reading are kept, and whether what is kept there is those of this one."""

import functools
import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, Optional

from allennlp.common.checks import ConfigurationError
from allennlp.common.tqdm import Tqdm
from allennlp.common.util import is_global_primary
from allennlp.data import Instance

from xlamaml_allennlp.caching.entry import Draft, about_entry, note_use, sweep
from xlamaml_allennlp.caching.heard import Heard
from xlamaml_allennlp.caching.lock import making
from xlamaml_allennlp.languages.cached_examples import CachedExamples
from xlamaml_allennlp.languages.content import sha256_of_content
from xlamaml_allennlp.languages.examples_writer import Columns, ExamplesWriter, TornExampleError
from xlamaml_allennlp.languages.items import Items, Share
from xlamaml_allennlp.languages.sources import Source
from xlamaml_allennlp.languages.tag import Tag

logger = logging.getLogger(__name__)

# The rooms whose code has a say in what is read or in what is kept with it, and the packages.
ROOMS = ("caching", "encoders", "files", "languages", "nli", "provenance", "qa", "upstream")
PACKAGES = ("tokenizers", "transformers")


class Form(NamedTuple):
    """
    What a reader's examples depend on besides the data, and how they are kept.

    # Parameters

    columns : `Columns`
        How instances are kept.
    settings : `Sequence[Any]`
        Every setting of the reader and its tokenizer's content, as JSON.
    limit : `int`
        The most bytes of a file that the reader reads.
    """

    columns: Columns
    settings: Sequence[Any]
    limit: int


class ExamplesCache:
    """
    A folder of examples that were read before: by the content of their files, the tokenizer and the reader's settings.

    Whatever keeps it from being written or read costs a line in the log, and the data are read as without it.

    # Parameters

    folder : `str`
        The folder; `~` stands for the user's own, and `~/.cache` for XDG_CACHE_HOME where that is set.

    # Raises

    `ConfigurationError`
        If it is empty.
    """

    def __init__(self, folder: str) -> None:
        if not folder.strip():
            raise ConfigurationError("cache: it is empty. Give a folder, or null to keep nothing.")
        self._folder = _place_of(folder)

    def find_or_make(
        self, form: Form, sources: Sequence[Source], read: Callable[[Share], Iterable[tuple[Tag, Instance]]]
    ) -> Optional[CachedExamples]:
        """
        The examples of some files.

        # Parameters

        form : `Form`
            What else they depend on.
        sources : `Sequence[Source]`
            The files.
        read : `Callable[[Share], Iterable[tuple[Tag, Instance]]]`
            Reads them, with an error where they are not what they should be. All rows go through what it is given.

        # Returns

        `Optional[CachedExamples]`
            `None` if they cannot be kept; then they are to be read without.
        """
        if (key := _key(form, sources)) is None:
            return None
        name = f"examples-{key}"
        entry = self._folder / name
        if (found := _open(entry, form)) is not None:
            return found
        with making(self._folder, name) as is_alone:
            if (found := _open(entry, form)) is not None:  # made while this process waited
                return found
            if is_alone:
                sweep(self._folder, name)
            return self._make(name, key, form, sources, read)

    def _make(self, name: str, key: str, form: Form, sources: Sequence[Source], read: Any) -> Optional[CachedExamples]:
        draft = None
        try:
            draft = Draft(self._folder, name)
            with Heard() as heard:
                about = _write(ExamplesWriter(draft.folder, form.columns), read)
            if _key(form, sources) != key:
                logger.warning("Examples are not kept in %s: the files changed while they were read.", self._folder)
                return None
            entry = draft.finish({**about, "log": heard.lines})
            logger.info("Read %d examples and kept them in %s.", about["examples"], entry)
            return CachedExamples(entry, about, form.columns)
        except (OSError, TornExampleError) as error:
            logger.warning("Examples cannot be kept in %s (%s). They are read as without.", self._folder, _said(error))
            return None
        finally:
            if draft is not None:
                draft.drop()


def _place_of(folder: str) -> Path:
    of_user = os.environ.get("XDG_CACHE_HOME")
    if of_user and folder.startswith("~/.cache/"):
        return Path(of_user, folder.removeprefix("~/.cache/"))
    return Path(folder).expanduser()


def _write(writer: ExamplesWriter, read: Callable[[Share], Iterable[tuple[Tag, Instance]]]) -> dict[str, Any]:
    items = Items()
    for tag, instance in Tqdm.tqdm(read(items.share), desc="loading instances", disable=not is_global_primary()):
        writer.add(tag, instance, items.number(tag))
    return {**writer.close(sum(items.counts)), "items": items.counts}


def _open(entry: Path, form: Form) -> Optional[CachedExamples]:
    if not entry.exists():
        return None
    try:
        about = about_entry(entry)
        found = None if about is None else CachedExamples(entry, about, form.columns)
    except OSError:  # removed just now
        about = found = None
    if about is None or found is None:
        logger.warning("%s is damaged, or not whole; its examples are read anew.", entry)
        return None
    note_use(entry)
    logger.info("Reused %d examples of %s.", about["examples"], entry)
    # What is to be known of the data is said again: pairs that were left out, for example.
    for name, level, line in about["log"]:
        logging.getLogger(name).log(level, "%s", line)
    return found


def _key(form: Form, sources: Sequence[Source]) -> Optional[str]:
    """What all readings of the same examples have in common; `None` if a file cannot be read twice or at all."""
    contents = [sha256_of_content(source.path, form.limit) for source in sources]
    if None in contents:
        return None
    # Names of files tell formats, languages and places.
    named = [[source.path, source.languages and sorted(source.languages)] for source in sources]
    told = json.dumps([_code(), named, contents, list(form.settings)])
    return hashlib.sha256(told.encode()).hexdigest()[:32]


@functools.cache
def _code() -> str:
    """The code that reads: another version's examples are others."""
    found = hashlib.sha256("".join(map(version, PACKAGES)).encode())
    package = Path(__file__).parents[1]
    for file in sorted(file for room in ROOMS for file in (package / room).rglob("*.py")):
        found.update(file.read_bytes())
    return found.hexdigest()


def _said(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or (os.strerror(error.errno) if error.errno else str(error))
    return "instances of one language and id do not follow each other, or are not one example"
