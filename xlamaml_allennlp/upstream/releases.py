"""Which releases the mends of this room were tested with."""

import importlib.metadata
import warnings
from typing import NamedTuple

ALLENNLP = "2.10.1"
WAY_OUT = "`make install` (or pip install --no-deps -r requirements.txt) brings the tested releases."


class Range(NamedTuple):
    """Releases from `first` on work; those after `last`, a prefix of their number, were never tried."""

    first: str
    last: str
    reason: str


# Package -> the releases that AllenNLP 2.10.1 was tested with.
TESTED = {
    "allennlp": Range(ALLENNLP, ALLENNLP, "this project mends that release and no other"),
    "transformers": Range("5.10", "5.24", "an older one runs code or writes files that an encoder brings"),
    "huggingface-hub": Range("1.5", "2.4", "transformers 5.10 needs it"),
}


def check() -> None:
    """
    Compares what is installed with what was tested.

    # Raises

    `ImportError`
        If a release is older than the first that works.
    """
    for package, tested in TESTED.items():
        version = installed(package)
        if _numbers(version) < _numbers(tested.first):
            raise ImportError(
                f"AllenNLP {installed('allennlp')} needs {package} {tested.first} or later here ({tested.reason}), and "
                f"{version} is installed. {WAY_OUT}"
            )
        if _numbers(version)[: len(_numbers(tested.last))] > _numbers(tested.last):
            warnings.warn(
                f"{package} {version} is newer than the last release that AllenNLP {ALLENNLP} was tested with here "
                f"({tested.last}). If something breaks: {WAY_OUT}",
                stacklevel=2,
            )


def installed(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "none"


def missing(package: str, name: str) -> ImportError:
    """The error for a name that AllenNLP asks a package for, and neither the package nor this room has."""
    tested = TESTED[package].last
    return ImportError(
        f"AllenNLP {ALLENNLP} asks {package} {installed(package)} for `{name}`, which is gone from it, and nothing in "
        f"xlamaml_allennlp/upstream stands in: the last release tested is {tested}. {WAY_OUT}"
    )


def _numbers(version: str) -> tuple[int, ...]:
    """5.24.0.dev0 -> (5, 24, 0); what has no number comes first."""
    found = []
    for part in version.split("."):
        if not part.isdigit():
            break
        found.append(int(part))
    return tuple(found)
