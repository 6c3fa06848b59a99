"""The one place that calls for a report."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Optional

_ROOM = "xlamaml_allennlp.reports"


def write_report(folder: Path) -> Optional[Path]:
    """The report of a study's folder, written; `None` where this version has no reports."""
    if find_spec(_ROOM) is None:
        return None
    written: Path = import_module(_ROOM).write_report(folder)
    return written
