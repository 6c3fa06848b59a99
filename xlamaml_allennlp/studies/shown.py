"""Configs without their paths: where files lie tells nothing of what is made from them."""

from collections.abc import Mapping
from typing import Any

from xlamaml_allennlp.studies.content import DATA_KEYS, NAMING, unpacked


def shown(place: str, path: str) -> str:
    """What stands for a path in a config. Data keep their name, by which readers know language and format."""
    return f"{{{place}}}" if place.startswith(NAMING) else f"{{{place}}}/{path.rstrip('/').rpartition('/')[2]}"


def without_paths(config: Mapping[str, Any], found: Mapping[str, str]) -> Any:
    """
    A config with what stands for paths in their place.

    # Parameters

    config : `Mapping[str, Any]`
        The config.
    found : `Mapping[str, str]`
        The paths, by their places in it. A part that is none of these and names the same path follows the first.
    """
    by_path = {path: shown(place, path) for place, path in reversed(list(found.items()))}
    known = {key: unpacked(value) if key in DATA_KEYS else value for key, value in config.items()}
    return {key: _replaced(value, key, found, by_path) for key, value in known.items()}


def _replaced(value: Any, place: str, found: Mapping[str, str], by_path: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return shown(place, value) if found.get(place) == value else by_path.get(value, value)
    if isinstance(value, Mapping):
        return {key: _replaced(each, f"{place}.{key}", found, by_path) for key, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, f"{place}.{number}", found, by_path) for number, each in enumerate(value)]
    return value
