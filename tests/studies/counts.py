"""Studies whose runs count (counting.py), and what is seen of them afterwards."""

import json
import re
import time
from pathlib import Path
from typing import Any

from tests.studies.instant import Bench
from xlamaml_allennlp.studies.process import Command


def counted(steps: int, *needs: str, **config: Any) -> dict[str, Any]:
    bases = [f"{{runs}}/{name}/model.tar.gz" for name in needs]
    return {"config": {"trainer": {"type": "meta"}, "bases": bases, "steps": steps, **config}}


def do(bench: Bench, content: Any, *arguments: str) -> None:
    class Called:
        called: list[str] = []

        def __call__(self, *given: Any) -> Command:
            return Command(*given)

    bench.do(content, *arguments, launch=Called())


def log(bench: Bench, run: str) -> list[str]:
    return (bench.folder / "logs" / "runs" / f"{run}.log").read_text().splitlines()


def steps(bench: Bench, run: str) -> list[str]:
    return [line.split()[1] for line in log(bench, run) if line.startswith("step ")]


def state(bench: Bench, run: str) -> dict[str, Any]:
    return json.loads((bench.folder / "runs" / f"{run}.json").read_text())


def results(folder: Path) -> dict[str, Any]:
    """What a study leaves: its files, and what their content is but for times, memory and the folder's name."""
    found: dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and path.suffix == ".json":
            text = re.sub(r'"(seconds|peak_memory_mb)": ([\d.]+|null)', "", path.read_text())
            found[name] = text.replace(str(folder), "")
        elif path.is_file() and not name.startswith(("locks", "report")):
            found[name] = ""
    return found


def wait_until(reached) -> None:
    until = time.monotonic() + 20
    while not reached():
        assert time.monotonic() < until
        time.sleep(0.02)
