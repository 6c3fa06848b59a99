"""Data sets of the `datasets` library: from a hub, or from a folder."""

import os
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple, Optional
from urllib.parse import parse_qsl

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.opening import unpacked_name_of

PREFIX = "datasets:"
# What `save_to_disk` leaves in a folder.
SAVED = ("dataset_info.json", "dataset_dict.json")
# Tables, which `datasets` reads by rules of its own: a quote that is not closed takes other rows with it.
TABLES = (".tsv", ".csv", ".txt")


class Name(NamedTuple):
    """
    What a path of a data set says.

    # Parameters

    name : `str`
        A hub name or a folder.
    config : `Optional[str]`
        The configuration, if it is named.
    split : `Optional[str]`
        The split, if it is named.
    """

    name: str
    config: Optional[str]
    split: Optional[str]


def is_dataset(path: str) -> bool:
    """Whether a data path names a data set of `datasets`, not a file."""
    return path.startswith(PREFIX) or os.path.isdir(path)


def parsed(path: str) -> Name:
    """
    Reads `datasets:NAME?config=hi&split=validation`, NAME being a hub name or a folder, or a folder alone.

    # Raises

    `ConfigurationError`
        If the path is not of this form.
    """
    name, _, query = path.removeprefix(PREFIX).partition("?")
    settings = dict(parse_qsl(query, keep_blank_values=True))
    if not name or set(settings) - {"config", "split"}:
        raise ConfigurationError(f"{path}: not of the form {PREFIX}NAME?config=hi&split=validation.")
    return Name(name, settings.get("config"), settings.get("split"))


def loaded(path: str) -> Any:
    """
    The `datasets.Dataset` that a path names. The configuration may be left out if there is only one, the split too.

    # Raises

    `ConfigurationError`
        If it cannot be loaded, is a folder of tables or one that nobody called a data set, has several splits and
        none is named, or is empty.
    """
    name, config, split = parsed(path)
    _check_folder(path, name)
    dataset = _one_split(path, _load(path, name, config, split), split)
    if len(dataset) == 0:
        raise ConfigurationError(f"{path}: the data set is empty. Choose another split.")
    return dataset


def numbered(path: str, dataset: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """
    The rows of a data set with their numbers, counted from 1.

    # Raises

    `ConfigurationError`
        If one cannot be read.
    """
    rows = iter(dataset)
    number = 0
    while True:
        try:
            found = next(rows, None)
        except Exception as error:  # of pyarrow: files that are cut, texts that are not UTF-8
            raise ConfigurationError(
                f"{path}: row {number + 1} cannot be read ({type(error).__name__}: {error}). Get the data set again."
            ) from error
        if found is None:
            return
        number += 1
        yield number, found


def _check_folder(path: str, name: str) -> None:
    if not os.path.isdir(name) or any(os.path.isfile(os.path.join(name, file)) for file in SAVED):
        return
    with os.scandir(name) as entries:
        names = sorted(entry.name for entry in islice(entries, 1000))
    tables = [file for file in names if unpacked_name_of(file).endswith(TABLES)]
    if path.startswith(PREFIX) and not tables:
        return
    first = os.path.join(name, (tables or names or ["FILE"])[0])
    more = ", ..." if len(names) > 8 else ""
    way_out = f"Name a file: {first}" if names else "Check the path"
    raise ConfigurationError(
        f"{path}: a folder that save_to_disk did not write; it holds {', '.join(names[:8]) or 'nothing'}{more}. "
        f"{way_out}."
    )


def _load(path: str, name: str, config: Optional[str], split: Optional[str]) -> Any:
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
        # Saved alone, as `train` or a part of it, `train[:100]`: a split that is asked for must be that one.
        own = str(loaded.split or split)
        if split is not None and own.partition("[")[0] != split.partition("[")[0]:
            raise ConfigurationError(f'{path}: the data set is the split "{own}", not "{split}". Leave split out.')
        return loaded
    if split is None and len(loaded) == 1:
        return next(iter(loaded.values()))
    if split not in loaded:
        asked = "several splits" if split is None else f'no split "{split}"'
        folder = parsed(path).name
        raise ConfigurationError(
            f"{path}: {asked}; there are {', '.join(loaded)}. "
            f"Name one: {PREFIX}{folder}?split={next(iter(loaded), 'validation')}"
        )
    return loaded[split]
