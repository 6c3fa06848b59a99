"""Reads {language: path} through another reader, for episodes."""

import logging
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Optional

import numpy as np
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader, Instance

from xlamaml_allennlp.languages.examples import Examples, SomeExamples
from xlamaml_allennlp.languages.reading import read_examples, read_whole
from xlamaml_allennlp.languages.sources import list_sources
from xlamaml_allennlp.languages.tag import language_of
from xlamaml_allennlp.languages.wrapping_reader import WrappingReader

logger = logging.getLogger(__name__)


@DatasetReader.register("episodes")
class EpisodesReader(WrappingReader):
    """
    Reads {language: path} through one wrapped reader and checks that every language asked for is there.

    Rows of other languages in a shared file are left out, and a shared file is parsed once. A plain path is read as
    the wrapped reader reads it. In distributed training every worker reads everything: the `episodes` data loader
    deals out episodes, not instances.

    Registered as a `DatasetReader` with name "episodes".

    # Parameters

    reader : `DatasetReader`
        What turns a file into tagged instances, such as "xnli" or "mlqa"; it takes {language: path}.
    """

    def examples(self, data_path: Any) -> Examples:
        """All examples of the languages asked for."""
        data_path = _plain(data_path)
        wanted, found = _languages_wanted(data_path), read_examples(self.reader, data_path)
        tags = found.tags
        counts = Counter(tags.counts())
        _report(wanted, counts)
        if wanted is None or counts.keys() <= wanted.keys():
            return found
        kept = [number for number, language in enumerate(tags.languages) if language in wanted]
        return SomeExamples(found, array("i", np.flatnonzero(np.isin(tags.language, kept))))

    def _read(self, file_path: Any) -> Iterable[Instance]:
        # The processes of one data loader share the instances out.
        process = self.get_worker_info()
        read = self._wanted(_plain(file_path), indexed=process is None)
        return read if process is None else islice(read, process.id, None, process.num_workers)

    def _wanted(self, file_path: Any, indexed: bool) -> Iterator[Instance]:
        wanted, counts = _languages_wanted(file_path), Counter[str]()
        for instance in read_whole(self.reader, file_path, indexed):
            language = language_of(instance)
            counts[language] += 1
            if wanted is None or language in wanted:
                yield instance
        _report(wanted, counts)


def _plain(data_path: Any) -> Any:
    return data_path.as_dict(quiet=True) if isinstance(data_path, Params) else data_path


def _languages_wanted(file_path: Any) -> Optional[dict[str, str]]:
    """{language: path} as asked for; `None` for a plain path."""
    if not isinstance(file_path, (str, dict)):
        return None
    wanted = {
        language: source.path for source in list_sources(file_path) for language in sorted(source.languages or ())
    }
    return wanted or None


def _report(wanted: Optional[dict[str, str]], counts: Counter[str]) -> None:
    if wanted is None:
        return
    missing = [language for language in wanted if not counts[language]]
    if missing:
        found = ", ".join(f"{language} ({count})" for language, count in counts.items()) or "none"
        raise ConfigurationError(
            f'The data path asks for language "{missing[0]}", of which {wanted[missing[0]]} holds no example. '
            f"Languages found: {found}. Correct the name, or give the file that holds the language."
        )
    others = {language: count for language, count in counts.items() if language not in wanted}
    if others:
        logger.info("Left out instances of languages not asked for: %s.", others)
