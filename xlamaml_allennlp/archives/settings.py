"""
What a user says about archives, in the environment: whatever opens one, a command or a config, sees the same.
"""

import math
import os
from typing import NamedTuple

from allennlp.common.checks import ConfigurationError

TRUST = "XLAMAML_TRUST_ARCHIVE"
# The way out for whoever knows an archive.
TRUSTING = f"give --trust-archive or set {TRUST}=1"
GIGABYTES = "XLAMAML_ARCHIVE_GIGABYTES"
FILES = "XLAMAML_ARCHIVE_FILES"


class Limits(NamedTuple):
    """The most bytes of an archive, unpacked, and the most members."""

    size: int
    files: int


def limits() -> Limits:
    """
    What XLAMAML_ARCHIVE_GIGABYTES (20 by default) and XLAMAML_ARCHIVE_FILES (10,000) allow.

    # Raises

    `ConfigurationError`
        If one of them is not a number above 0.
    """
    return Limits(round(_number(GIGABYTES, 20) * 1e9), round(_number(FILES, 10_000)))


def trusts() -> bool:
    """Whether XLAMAML_TRUST_ARCHIVE is 1, which --trust-archive sets: archives may then name any class."""
    value = os.environ.get(TRUST, "0")
    if value not in ("0", "1", ""):
        raise ConfigurationError(f'{TRUST} is "{value}". Set it to 1 to trust archives, or remove it.')
    return value == "1"


def _number(name: str, default: float) -> float:
    value = os.environ.get(name, "")
    try:
        number = float(value or default)
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise ConfigurationError(f'{name} is "{value}"; it is a number above 0.')
    return number
