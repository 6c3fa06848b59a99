"""Runs one of AllenNLP's commands as a user would: says which, keeps its log in a file, shows how far it is."""

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Optional

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 24
# A progress bar as AllenNLP writes it to a log: what is measured, "||:", how much is done.
BAR = re.compile(r"(?P<measured>[^|]*)\|\|: +(?P<percent>\d+)%\|")
MEASURED = re.compile(r"\b(?P<name>accuracy|em|f1|loss|support_loss): (?P<value>-?\d+(?:\.\d+)?)")


class CommandFailed(RuntimeError):
    """A command ended with an error. The message holds the end of its log."""


def shown(path: Path) -> str:
    """A path as one would type it in the project's folder."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def allennlp(*arguments: str, log: Path) -> None:
    """
    Runs `python -m xlamaml_allennlp` with some arguments, in the project's folder.

    # Raises

    `CommandFailed`
        If it ends with an error.
    """
    python = Path(sys.executable)
    print(f"     $ {shlex.join([shown(python), '-m', 'xlamaml_allennlp', *arguments])}", flush=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    progress = Progress()
    with log.open("w", encoding="utf-8") as sink:
        process = subprocess.Popen(
            [str(python), "-m", "xlamaml_allennlp", *arguments, "--file-friendly-logging"],
            stdout=sink,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env={**os.environ, "TOKENIZERS_PARALLELISM": "false", "PYTHONIOENCODING": "utf-8"},
        )
        try:
            while process.poll() is None:
                progress.show(log)
                time.sleep(1)
        finally:
            progress.clear()
            if process.poll() is None:
                process.terminate()
                process.wait()
    if process.returncode:
        raise CommandFailed(f"This command failed. The end of {shown(log)}:\n\n{_end_of(log)}")


class Progress:
    """One line that is written over and over, on a terminal only."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._shown = False

    def show(self, log: Path) -> None:
        if sys.stdout.isatty():
            seconds = int(time.monotonic() - self._started)
            line = progress_line(_tail(log)) or "starting"
            print(f"\r\x1b[2K     {line}  {seconds // 60}:{seconds % 60:02d}", end="", flush=True)
            self._shown = True

    def clear(self) -> None:
        if self._shown:
            print("\r\x1b[2K", end="", flush=True)


def progress_line(log: str) -> Optional[str]:
    """The last progress bar in a log, drawn small; `None` before there is one."""
    bars = [bar for line in log.splitlines() if (bar := BAR.match(line))]
    if not bars:
        return None
    percent = int(bars[-1]["percent"])
    filled = percent * WIDTH // 100
    measured = "".join(
        f"  {m['name'].replace('_', ' ')} {float(m['value']):.2f}" for m in MEASURED.finditer(bars[-1]["measured"])
    )
    return f"[{'#' * filled}{'-' * (WIDTH - filled)}] {percent:3d} %{measured}"


def _tail(log: Path, size: int = 8192) -> str:
    """The last bytes of a log, which may be long, as text."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - size))
        return file.read().decode("utf-8", errors="replace")


def _end_of(log: Path, lines: int = 15) -> str:
    return "\n".join(_tail(log).splitlines()[-lines:])
