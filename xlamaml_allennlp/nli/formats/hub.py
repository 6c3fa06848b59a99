"""Data sets of the `datasets` library: from a hub, or from a folder."""

from collections.abc import Iterator, Mapping
from typing import Any

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.languages.hub import loaded, parsed
from xlamaml_allennlp.languages.sources import CODES
from xlamaml_allennlp.nli.formats.columns import Columns, columns
from xlamaml_allennlp.nli.formats.jsonl import row_of
from xlamaml_allennlp.nli.formats.row import Row, place


def hub_rows(path: str) -> Iterator[Row]:
    """
    The rows of a data set. XNLI's configuration of all languages has every translation in one row: a row each.

    # Parameters

    path : `str`
        `datasets:NAME?config=hi&split=validation`, NAME being a hub name or a folder, or a folder alone. The
        configuration may be left out if there is only one, the split too. A configuration that is a language code is
        the rows' language.
    """
    config = parsed(path).config
    dataset = loaded(path)
    names = columns(dataset.column_names, path)
    label_names = getattr(dataset.features.get(names.label), "names", None)
    language = config if config in CODES else None
    for number, found in enumerate(dataset, start=1):
        for translation in _translations(found, names):
            try:
                row = row_of(translation, names, number)
            except TypeError as error:
                raise ConfigurationError(f"{place(path, number)}: {error}.") from error
            label = label_names[row.label] if label_names and isinstance(row.label, int) else row.label
            told = translation.get("language", language)
            yield row._replace(label=label, language=told)


def _translations(found: Mapping[str, Any], names: Columns) -> Iterator[Mapping[str, Any]]:
    premises, hypotheses = found[names.premise], found[names.hypothesis]
    if not isinstance(premises, Mapping):
        yield found
        return
    if set(hypotheses) == {"language", "translation"}:
        hypotheses = dict(zip(hypotheses["language"], hypotheses["translation"], strict=True))
    for language in premises:
        texts = {names.premise: premises[language], names.hypothesis: hypotheses.get(language)}
        yield {**found, **texts, "language": language}
