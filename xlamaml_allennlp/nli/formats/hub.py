"""Data sets of the `datasets` library: from a hub, or from a folder."""

import os
from collections.abc import Iterator, Mapping
from typing import Any, Optional
from urllib.parse import parse_qsl

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.languages.sources import CODES
from xlamaml_allennlp.nli.formats.columns import Columns, columns
from xlamaml_allennlp.nli.formats.jsonl import row_of
from xlamaml_allennlp.nli.formats.row import Row, place

PREFIX = "datasets:"
# What `save_to_disk` leaves in a folder.
SAVED = ("dataset_info.json", "dataset_dict.json")


def hub_rows(path: str) -> Iterator[Row]:
    """
    The rows of a data set. XNLI's configuration of all languages has every translation in one row: a row each.

    # Parameters

    path : `str`
        `datasets:NAME?config=hi&split=validation`, NAME being a hub name or a folder, or a folder alone. The
        configuration may be left out if there is only one, the split too. A configuration that is a language code is
        the rows' language.
    """
    name, config, split = _parsed(path)
    dataset = _one_split(path, _loaded(path, name, config, split), split)
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


def _parsed(path: str) -> tuple[str, Optional[str], Optional[str]]:
    name, _, query = path.removeprefix(PREFIX).partition("?")
    settings = dict(parse_qsl(query, keep_blank_values=True))
    if not name or set(settings) - {"config", "split"}:
        raise ConfigurationError(f"{path}: not of the form {PREFIX}NAME?config=hi&split=validation.")
    return name, settings.get("config"), settings.get("split")


def _loaded(path: str, name: str, config: Optional[str], split: Optional[str]) -> Any:
    # Importing it takes a second, and most runs read plain files.
    import datasets

    try:
        if any(os.path.isfile(os.path.join(name, file)) for file in SAVED):
            return datasets.load_from_disk(name)
        return datasets.load_dataset(name, config, split=split)
    except Exception as error:  # the library's own, the hub's and the network's, by the dozen
        message = str(error).strip().splitlines() or [""]
        raise ConfigurationError(
            f"{path}: `datasets` cannot load it ({type(error).__name__}: {message[0]}). Check the name, the "
            "configuration and the split; without a network, give a folder written by save_to_disk."
        ) from error


def _one_split(path: str, loaded: Any, split: Optional[str]) -> Any:
    if not isinstance(loaded, dict):
        return loaded
    if split is None and len(loaded) == 1:
        return next(iter(loaded.values()))
    if split not in loaded:
        asked = "several splits" if split is None else f'no split "{split}"'
        folder = path.removeprefix(PREFIX).partition("?")[0]
        raise ConfigurationError(
            f"{path}: {asked}; there are {', '.join(loaded)}. "
            f"Name one: {PREFIX}{folder}?split={next(iter(loaded), 'validation')}"
        )
    return loaded[split]


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
