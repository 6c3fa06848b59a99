"""
The version of this package, and where an archive keeps that of the package that wrote it.

setup.py takes `VERSION` out of this file without importing it, so it stays a plain string.
"""

import json
import logging
import os
import re
from pathlib import Path

VERSION = "0.1.0.dev0"

logger = logging.getLogger(__name__)

# In the folder that `include_in_archive: ["encoder"]` puts into an archive. Not in AllenNLP's own meta.json: AllenNLP
# refuses a key there that it does not know.
FILE = Path("encoder") / "xlamaml_allennlp.json"


def write_version(folder: str | os.PathLike) -> None:
    """Notes in a run's folder, and so in its archive, that this version wrote it."""
    file = Path(folder) / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    # Workers write the same at the same time, and none may read a half.
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_text(json.dumps({"version": VERSION}) + "\n", encoding="utf-8")
    os.replace(draft, file)


def version_in(folder: str | os.PathLike) -> str | None:
    """The version that wrote an extracted archive, or a run's folder; `None` for one from before there was a note."""
    try:
        return str(json.loads((Path(folder) / FILE).read_text(encoding="utf-8"))["version"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def log_version_in(folder: str | os.PathLike, archive: str | os.PathLike = "This archive") -> None:
    """Says in the log which version wrote an extracted archive, and warns where that is newer than this one."""
    theirs = version_in(folder)
    if theirs is not None and _order(theirs) > _order(VERSION):
        logger.warning(
            "%s was written by xlamaml_allennlp %s, which is newer than the %s that loads it: a key may mean something "
            "else by now. Install %s where results differ.",
            archive,
            theirs,
            VERSION,
            theirs,
        )
    elif theirs is not None:
        logger.info("%s was written by xlamaml_allennlp %s.", archive, theirs)


def _order(version: str) -> tuple[list[int], bool, list[int]]:
    """Numbers of the release, then whether it is one (1.2.0.dev3 and 1.2.0rc1 come before 1.2.0), then the rest's."""
    release = re.match(r"\d+(\.\d+)*", version)
    numbers = [int(part) for part in release[0].split(".")] if release else [0]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    rest = version[release.end() :].partition("+")[0] if release else version
    before = re.match(r"[._-]?(dev|a|b|c|rc)", rest) is not None
    return numbers, not before, [int(number) for number in re.findall(r"\d+", rest)]
