"""Configurations that no encoder has, refused before they fill the memory."""

import json
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.archives.size import at_most

# More than any encoder has: XLM-V has 901,629 pieces, and a hundred layers some two thousand parameters.
LARGEST_NUMBER = 10_000_000
MOST_LAYERS = 1000
MOST_PARAMETERS = 5000
# transformers makes a list or a mapping of as many entries.
COUNTED = ("layer", "label")


def check_numbers(path: Path, model_name: str) -> None:
    """
    # Parameters

    path : `Path`
        The config.json of an encoder; one that is not there is somebody else's error.

    # Raises

    `ConfigurationError`
        If it has a number that no encoder has.
    """
    try:
        config = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return
    for key, number in _numbers(config):
        most = MOST_LAYERS if any(word in key for word in COUNTED) else LARGEST_NUMBER
        if number > most:
            raise ConfigurationError(
                f'model_name: "{model_name}": {path.parent.name}/{path.name} has {number:g} as {key}, and no encoder '
                f"has more than {most:,}. Get its files again."
            )


def _numbers(config: Any) -> Iterator[tuple[str, int]]:
    left: list[tuple[str, Any]] = [("", config)]
    while left:
        key, value = left.pop()
        if isinstance(value, dict):
            left += value.items()
        elif isinstance(value, list):
            left += ((key, each) for each in value)
        elif isinstance(value, int):
            yield key, value


def fits_in_memory(model_name: str) -> AbstractContextManager[None]:
    """Ends the building of an encoder, in float32, that is larger than the memory of this machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")

    def refuse(size: str) -> ConfigurationError:
        return ConfigurationError(
            f'model_name: "{model_name}": its config.json describes an encoder of {size}, which does not fit here '
            f"({memory / 1e9:.0f} GB of memory)."
        )

    return at_most(memory / 4, MOST_PARAMETERS, refuse)
