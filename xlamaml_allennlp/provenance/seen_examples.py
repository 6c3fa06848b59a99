"""Examples of an evaluation against what was read: the same texts, translations, and what nobody can tell."""

from collections.abc import Mapping, Sequence
from typing import Optional

import numpy as np

from xlamaml_allennlp.languages.data_use import Count
from xlamaml_allennlp.languages.spelling import is_written_alike
from xlamaml_allennlp.provenance.fingerprint_set import distinct, numbers
from xlamaml_allennlp.provenance.manifest import Read
from xlamaml_allennlp.provenance.manifest_examples import Remembered


class Evaluated:
    """
    The examples of an evaluation.

    An example was seen if its texts were. It was seen as a translation if something of its group was read: by the
    group's fingerprint, or because the evaluation itself holds the translation, whose texts were seen. It is known
    that it was not where all that was read in other languages can be ruled out: it tells its groups within the same
    data set, or the evaluation holds the translation into that language, whose texts were not seen. English MNLI and
    XNLI's Hindi alone rule nothing out: that is unknown.

    # Parameters

    examples : `Mapping[str, Remembered]`
        The examples, by language.
    """

    def __init__(self, examples: Mapping[str, Remembered]) -> None:
        self._examples = {language: _Arrays(of_language) for language, of_language in examples.items()}

    def counts(self, language: str, reads: Sequence[Read], is_complete: bool) -> tuple[Count, Count]:
        """
        How many examples of a language were seen themselves, and how many of the others as a translation.

        # Parameters

        language : `str`
            The language.
        reads : `Sequence[Read]`
            What was read.
        is_complete : `bool`
            Whether that is all that was read.
        """
        of_language = self._examples[language]
        own = of_language.seen(reads)
        translated = ~own & self._translated(of_language, reads)
        rest = ~own & ~translated
        own_unknown = rest & ~of_language.has_text
        unknown = rest & self._undecided(of_language, language, reads)
        if not is_complete or any(read.kind is None and read.examples for read in reads):
            own_unknown, unknown = ~own, rest
        return Count(int(own.sum()), int(own_unknown.sum())), Count(int(translated.sum()), int(unknown.sum()))

    def _translated(self, examples: "_Arrays", reads: Sequence[Read]) -> np.ndarray:
        refuted = self._refuted(reads)
        read = [read.groups for read in reads if read.kind == examples.kind and _place(read) not in refuted]
        beside = [of.groups[of.seen(reads) & of.has_group] for of in self._examples.values()]
        return examples.has_group & np.isin(examples.groups, distinct(np.concatenate([*read, *beside])))

    def _undecided(self, examples: "_Arrays", language: str, reads: Sequence[Read]) -> np.ndarray:
        refuted = self._refuted(reads)
        undecided = np.zeros(len(examples.texts), dtype=bool)
        for read in reads:
            if read.kind != examples.kind or is_written_alike(read.language, language) or not read.examples:
                continue  # another task; and of the same language the texts themselves tell
            ruled_out = np.zeros_like(undecided)
            if _dataset(read.namespace) == _dataset(examples.namespace) and read.grouped == read.examples:
                ruled_out |= examples.has_group & (_place(read) not in refuted)
            for beside in self._in(read.language):
                ruled_out |= examples.has_group & np.isin(examples.groups, beside.groups[beside.has_group])
            undecided |= ~ruled_out
        return undecided

    def _refuted(self, reads: Sequence[Read]) -> set[tuple[str, Optional[str]]]:
        """
        Where what was read and what is evaluated are not what the files' names say: in one language, most of the ids
        that they share stand for other texts. Two files are named xnli.dev.tsv, and one is not XNLI.
        """
        refuted = set()
        for read in reads:
            for examples in self._in(read.language):
                if examples.kind != read.kind or read.namespace in (None, "id"):
                    continue
                shared = examples.has_group & np.isin(examples.groups, read.groups)
                if 2 * int((shared & examples.seen([read])).sum()) < int(shared.sum()):
                    refuted.add(_place(read))
        return refuted

    def _in(self, language: str) -> list["_Arrays"]:
        """The examples that are in a language, however its code is spelt there."""
        return [of for spelt, of in self._examples.items() if is_written_alike(spelt, language)]


class _Arrays:
    """The fingerprints of the examples of a language, side by side; nought where there is none."""

    def __init__(self, examples: Remembered) -> None:
        self.kind, self.namespace = examples.kind, examples.namespace
        self.has_text, self.texts = _array(examples.texts)
        self.has_group, self.groups = _array(examples.groups)

    def seen(self, reads: Sequence[Read]) -> np.ndarray:
        """Which of them have texts that were read. Shape: (num_examples,)"""
        texts = [read.texts for read in reads if read.kind == self.kind]
        return self.has_text & np.isin(self.texts, np.concatenate([distinct([]), *texts]))


def _array(fingerprints: Sequence[Optional[bytes]]) -> tuple[np.ndarray, np.ndarray]:
    present = np.array([fingerprint is not None for fingerprint in fingerprints], dtype=bool)
    return present, numbers([fingerprint or bytes(8) for fingerprint in fingerprints])


def _dataset(namespace: Optional[str]) -> Optional[str]:
    """The data set whose split a namespace is; of a file, that file."""
    return namespace if namespace is None or namespace.startswith("file/") else namespace.partition("/")[0]


def _place(read: Read) -> tuple[str, Optional[str]]:
    return read.source, read.sha256
