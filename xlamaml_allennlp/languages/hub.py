"""Data sets of the `datasets` library: from a hub, or from a folder."""

import os
from typing import Any, NamedTuple, Optional
from urllib.parse import parse_qsl

from allennlp.common.checks import ConfigurationError

PREFIX = "datasets:"
# What `save_to_disk` leaves in a folder.
SAVED = ("dataset_info.json", "dataset_dict.json")


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
        If it cannot be loaded, has several splits and none is named, or is empty.
    """
    name, config, split = parsed(path)
    dataset = _one_split(path, _load(path, name, config, split), split)
    if len(dataset) == 0:
        raise ConfigurationError(f"{path}: the data set is empty. Choose another split.")
    return dataset


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
