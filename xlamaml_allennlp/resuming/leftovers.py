"""What a killed run leaves that nothing will read again."""

import logging
import re
from pathlib import Path

logger = logging.getLogger(__name__)

_HALF = re.compile(r"(best|(model|training|worker)_state_e\d+_b\d+(_w\d+)?)\.th\.partial")
_STATE = re.compile(r"(training|worker)_state_(e\d+_b\d+)(_w\d+)?\.th")


def remove_leftovers(folder: str) -> None:
    """Removes half-written files, and the states of checkpoints whose model was not written any more."""
    for path in sorted(Path(folder).iterdir()) if Path(folder).is_dir() else ():
        state = _STATE.fullmatch(path.name)
        orphaned = state is not None and not (path.parent / f"model_state_{state[2]}.th").exists()
        if orphaned or _HALF.fullmatch(path.name):
            logger.info("%s was left half-done by an interruption and is removed.", path)
            path.unlink()
