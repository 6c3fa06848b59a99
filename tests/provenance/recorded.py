"""Lines of a ledger: made up, and of a run, without what differs between any two."""

import json
from pathlib import Path
from typing import Any

from xlamaml_allennlp.provenance import Example, Line


def told(file: Path) -> list[dict[str, Any]]:
    """The lines of a file, without the seconds."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [{key: value for key, value in line.items() if key != "seconds"} for line in lines]


def line(episode: int = 1, **more: Any) -> Line:
    """A line about an episode, one to a step, from English to Hindi."""
    defaults: dict[str, Any] = {
        "epoch": 0,
        "step": episode,
        "worker": 0,
        "support": (Example("en", "7", "dev.tsv", 8),),
        "query": (Example("hi", "7", "dev.tsv", 108),),
        "support_loss": 1.25,
        "query_loss": 1.5,
        "meta_gradient_norm": 2.0,
        "support_gradient_norm": None,
        "query_gradient_norm": None,
        "cosine": None,
        "seconds": 0.5,
    }
    return Line(episode, **{**defaults, **more})


def write(file: Path, lines: list[Line], end: str = "") -> Path:
    """A file of lines, and an end that is none."""
    file.write_text("".join(f"{each.to_json()}\n" for each in lines) + end, encoding="utf-8")
    return file
