"""What a killed run leaves that nothing will read again."""

import logging
import re
import shutil
from pathlib import Path

logger = logging.getLogger(__name__)

_HALF = re.compile(
    r"((best|(model|training|worker)_state_e\d+_b\d+(_w\d+)?)\.th|config\.json|metrics(_epoch_\d+)?\.json|model\.tar\.gz)"
    r"(\.draft)?\.partial"
)
_STATE = re.compile(r"(training|worker)_state_(e\d+_b\d+)(_w\d+)?\.th")
# Where an encoder's files were being put together (`encoders/folder.py`).
_DRAFT = ".encoder-"


def remove_half_written(folder: str) -> None:
    """Removes files that were being written, to replace others that are whole. Nobody else may be writing."""
    for path in _entries(folder):
        if _HALF.fullmatch(path.name):
            _say(path)
            path.unlink()
        elif path.name.startswith(_DRAFT) and path.is_dir():
            _say(path)
            shutil.rmtree(path)


def remove_leftovers(folder: str) -> None:
    """Removes half-written files, and the states of checkpoints whose model was not written any more."""
    remove_half_written(folder)
    for path in _entries(folder):
        state = _STATE.fullmatch(path.name)
        if state is not None and not (path.parent / f"model_state_{state[2]}.th").exists():
            _say(path)
            path.unlink()


def _entries(folder: str) -> list[Path]:
    return sorted(Path(folder).iterdir()) if Path(folder).is_dir() else []


def _say(path: Path) -> None:
    logger.info("%s was left half-done by an interruption and is removed.", path)
