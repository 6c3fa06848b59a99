"""
What runs in the place of this package where a study is called in a folder that holds this file by the package's name:
`train` counts to `steps` of its config, with a checkpoint after each, and `evaluate` measures how far it has come.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any


def main(command: str, *arguments: str) -> None:
    if command == "evaluate":
        measured = json.loads(Path(arguments[0]).read_text())
        metrics = {f"accuracy/{language}": measured for language in json.loads(arguments[1])}
        Path(arguments[arguments.index("--output-file") + 1]).write_text(json.dumps(metrics))
    else:
        train(json.loads(Path(arguments[0]).read_text()), Path(arguments[2]), "--recover" in arguments)


def train(config: dict[str, Any], folder: Path, recover: bool) -> None:
    checkpoint = folder / "model_state_e0_b0.th"
    count = 0
    if recover:
        count = int(checkpoint.read_text())
    elif folder.exists():
        sys.exit(f"{folder} is there")
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    signal.signal(signal.SIGTERM, stop)
    while count < config["steps"]:
        count += 1
        checkpoint.write_text(str(count))
        say(f"step {count} with {os.environ['OMP_NUM_THREADS']} threads")
        trouble(config, count, folder)
    (folder / "model.tar.gz").write_text(str(count))
    (folder / "metrics.json").write_text("{}")


def trouble(config: dict[str, Any], count: int, folder: Path) -> None:
    """What befalls a run after a step: it fails, it is killed every time, or it waits once, to be killed."""
    if config.get("fails") == count:
        sys.exit(3)
    if config.get("dies") and count >= config["dies"]:
        os.kill(os.getpid(), signal.SIGKILL)
    note = folder.with_name(f"{folder.name}.waits")
    if config.get("waits") == count and not note.exists():
        part = note.with_suffix(".part")
        part.write_text(f"{os.getpid()} {os.getppid()}")
        part.rename(note)
        time.sleep(60)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def stop(number: int, frame: Any) -> None:
    """An interrupted run takes a while to end."""
    time.sleep(0.5)
    say("interrupted")
    sys.exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
