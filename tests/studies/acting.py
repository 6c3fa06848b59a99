"""
What runs in the place of this package's command line where a folder holds this file under its name: it does what its
argument says. Importing everything is to wait for a file, or to fail.
"""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any


def main(act: str, *more: str) -> None:
    sys.stdout.write(f"{act} {' '.join(more)} in {os.environ.get('COLOUR', 'white')}\n")
    sys.stderr.write(f"leads a session: {os.getsid(0) == os.getpid()}, reads {sys.stdin.read()!r}\n")
    sys.stdout.flush()
    if act == "exit":
        sys.exit(3)
    if act == "raise":
        raise KeyError("nothing")
    if act == "be killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if act == "be stopped":
        os.kill(os.getpid(), signal.SIGINT)
    if act == "last":
        signal.signal(signal.SIGTERM, stop)
        part = Path(more[0]).with_suffix(".part")
        part.write_text(f"{os.getpid()}")
        part.rename(more[0])
        while not Path(more[0]).with_suffix(".end").exists():
            time.sleep(0.01)
        sys.exit(7)


def stop(number: int, frame: Any) -> None:
    sys.stdout.write("cleaned\n")
    sys.exit(5)


def import_everything() -> None:
    sys.stdout.write("imported\n")
    if Path("fails").exists():
        sys.exit("it fails")
    while Path("waits").exists():
        time.sleep(0.01)


def check_that_forks_work() -> None: ...


def renew() -> None: ...


if __name__ == "__main__":
    main(*sys.argv[1:])
