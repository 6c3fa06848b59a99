"""How far a command of AllenNLP is, read off its log."""

import re
from pathlib import Path
from typing import NamedTuple, Optional

# A progress bar as AllenNLP writes it to a log: what is measured, "||:", how much is done.
_BAR = re.compile(r"(?P<measured>[^|]*)\|\|: +(?P<percent>\d+)%\|")
_MEASURED = re.compile(r"\b(?P<name>accuracy|em|f1|loss|support_loss): (?P<value>-?\d+(?:\.\d+)?)")
_TAIL = 8192


class Bar(NamedTuple):
    """
    The last progress bar of a log.

    # Parameters

    percent : `int`
        How much of an epoch, or of an evaluation, is done.
    measured : `str`
        What is measured so far.
    """

    percent: int
    measured: str


def last_bar(log: Path) -> Optional[Bar]:
    """The last progress bar in a log; `None` before there is one."""
    bars = [bar for line in tail(log).splitlines() if (bar := _BAR.match(line))]
    if not bars:
        return None
    found = _MEASURED.finditer(bars[-1]["measured"])
    measured = "  ".join(f"{each['name'].replace('_', ' ')} {float(each['value']):.2f}" for each in found)
    return Bar(int(bars[-1]["percent"]), measured)


def end_of(log: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    return "\n".join(tail(log).splitlines()[-lines:])


def tail(log: Path) -> str:
    """The last bytes of a log, which may be long, as text."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _TAIL))
            return file.read().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return ""
