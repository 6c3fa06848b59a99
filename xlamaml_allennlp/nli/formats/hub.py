"""Data sets of the `datasets` library: from a hub, or from a folder."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.languages.codes import is_language
from xlamaml_allennlp.languages.hub import loaded, numbered, parsed
from xlamaml_allennlp.nli.formats.columns import Columns, find_columns
from xlamaml_allennlp.nli.formats.jsonl import row_of
from xlamaml_allennlp.nli.formats.row import Report, Row


def read_hub_rows(path: str, report: Report) -> Iterator[Row]:
    """
    The rows of a data set. XNLI's configuration of all languages has every translation in one row: a row each.

    # Parameters

    path : `str`
        `datasets:NAME?config=hi&split=validation`, NAME being a hub name or a folder, or a folder alone. The
        configuration may be left out if there is only one, the split too. A configuration that is a language code is
        the rows' language.
    report : `Callable[[str, int, str], None]`
        Told path, number and problem of what is not a row.
    """
    config = parsed(path).config
    dataset = loaded(path)
    try:
        names = find_columns(dataset.column_names)
    except ValueError as error:
        raise ConfigurationError(f"{path}: {error}") from error
    label_names = getattr(dataset.features.get(names.label), "names", ())
    language = config if config and is_language(config) else None
    for number, found in numbered(path, dataset):
        try:
            for told, translation in _translations(found, names):
                row = row_of(translation, names, number)
                yield row._replace(label=_label(row.label, label_names), language=told or row.language or language)
        except ValueError as error:
            report(path, number, str(error))


def _label(label: Any, names: Sequence[str]) -> Any:
    # By name, because another data set may number them otherwise.
    return names[label] if type(label) is int and 0 <= label < len(names) else label


def _translations(found: Mapping[str, Any], names: Columns) -> Iterator[tuple[Optional[str], Mapping[str, Any]]]:
    premises, hypotheses = found[names.premise], found[names.hypothesis]
    if not isinstance(premises, Mapping):
        yield None, found
        return
    if isinstance(hypotheses, Mapping) and set(hypotheses) == {"language", "translation"}:
        hypotheses = dict(zip(hypotheses["language"], hypotheses["translation"], strict=True))
    if not isinstance(hypotheses, Mapping):
        raise ValueError(f'"{names.premise}" is in several languages, and "{names.hypothesis}" is not. Fix the row.')
    for language in premises:
        yield language, {**found, names.premise: premises[language], names.hypothesis: hypotheses.get(language)}
