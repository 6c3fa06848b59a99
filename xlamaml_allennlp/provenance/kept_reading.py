"""What a manifest tells of examples that are kept on disk: looked at once, and kept beside them."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from xlamaml_allennlp.languages.cached_examples import CachedExamples
from xlamaml_allennlp.provenance.fingerprint import kind_of
from xlamaml_allennlp.provenance.fingerprint_file import sha256_of, split_of
from xlamaml_allennlp.provenance.fingerprint_set import distinct
from xlamaml_allennlp.provenance.manifest import Read
from xlamaml_allennlp.provenance.manifest_examples import Remembered, files_of

# Examples that are remembered at a time.
PART = 50_000


def kept_read(examples: CachedExamples, language: str, data_path: Any, use: str) -> Read:
    """
    What a manifest tells of the examples of one language.

    # Parameters

    examples : `CachedExamples`
        All examples.
    language : `str`
        The language, of which there are some.
    data_path : `Any`
        What they were read from: a path, or {language: path}.
    use : `str`
        What they are used for.
    """
    source = files_of(data_path)(language)
    name = f"read_{examples.tags.languages.index(language)}"
    kept = examples.kept(name, lambda: _arrays(examples, language, source))
    told = json.loads(kept["told"].tobytes())
    told["other_languages"] = tuple(told["other_languages"])
    split, texts, groups = split_of(source), kept["texts"], kept["groups"]
    return Read(use=use, language=language, source=source, split=split, texts=texts, groups=groups, **told)


def _arrays(examples: CachedExamples, language: str, source: str) -> dict[str, np.ndarray]:
    reads = list(_parts(examples, language, source))
    kinds = {read.kind for read in reads}
    told = {
        "examples": sum(read.examples for read in reads),
        "sha256": reads[0].sha256,
        "other_languages": sorted({other for read in reads for other in read.other_languages}),
        "kind": kinds.pop() if len(kinds) == 1 else None,
        "namespace": next((read.namespace for read in reads if read.namespace is not None), None),
        "grouped": sum(read.grouped for read in reads),
    }
    return {
        "told": np.frombuffer(json.dumps(told).encode(), dtype=np.uint8),
        "texts": distinct(np.concatenate([read.texts for read in reads])),
        "groups": distinct(np.concatenate([read.groups for read in reads])),
    }


def _parts(examples: CachedExamples, language: str, source: str) -> Iterator[Read]:
    rows, sha256 = examples.tags.rows_of(language), sha256_of(source)
    for start in range(0, len(rows), PART):
        found = None
        for row in rows[start : start + PART]:
            tags = examples.instances([int(row)])[0]["metadata"].metadata  # type: ignore[attr-defined]
            if found is None:  # to ask whether it is empty would hash what waits to be hashed with others
                found = Remembered(language, source, sha256, kind_of(tags))
            found.add(tags)
        if found is not None:
            yield found.as_read("")
