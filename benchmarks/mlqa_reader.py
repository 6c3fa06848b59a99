"""
How fast questions are read: `mlqa` beside allennlp_models' `transformer_squad`, on the same file in SQuAD's format with
the same encoder's tokenizer and the same lengths (384 tokens, stride 128, questions of 64).

    python -m benchmarks.mlqa_reader --model-name ENCODER --data xquad.en.json

Each measurement is a process of its own with one thread; the two readers take turns. Measured are questions per second
of processor time (other work on the machine does not count) from the file to a list of instances with all windows, the
same to instances that are indexed too, as training needs them, and the memory that the process held at most.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.xnli_reader import ONE_THREAD, peak_memory

READERS = ("transformer_squad", "mlqa")
TARGET = 6.0
COLUMNS = {
    "read": "questions/s, read",
    "indexed": "questions/s, read and indexed",
    "windows": "windows",
    "memory": "peak memory, MB",
}


def settings_of(reader: str, model_name: str) -> dict[str, Any]:
    """How a config would name the reader."""
    key = "model_name" if reader == "mlqa" else "transformer_model_name"
    return {"type": reader, key: model_name}


def measure(name: str, model_name: str, data: str) -> dict[str, float]:
    """Reads the file once, in this process."""
    import allennlp_models.rc.dataset_readers  # noqa: F401
    import torch
    from allennlp.common import Params
    from allennlp.data import DatasetReader, Vocabulary

    import xlamaml_allennlp.qa  # noqa: F401

    torch.set_num_threads(1)
    reader = DatasetReader.from_params(Params(settings_of(name, model_name)))
    path: Any = {"en": data} if name == "mlqa" else data
    start = time.process_time()
    instances = list(reader.read(path))
    read = time.process_time() - start
    for instance in instances:
        instance.index_fields(Vocabulary.empty())
    indexed = time.process_time() - start
    questions = len({instance["metadata"].metadata["id"] for instance in instances})  # type: ignore[attr-defined]
    memory = peak_memory()
    return {"read": questions / read, "indexed": questions / indexed, "windows": len(instances), "memory": memory}


def measure_apart(name: str, options: argparse.Namespace) -> dict[str, float]:
    """Reads the file once, in a new process with one thread."""
    asked = ["--measure", name, "--model-name", options.model_name, "--data", options.data]
    output = subprocess.check_output(
        [sys.executable, "-m", "benchmarks.mlqa_reader", *asked],
        env={**os.environ, **ONE_THREAD}, text=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    return json.loads(output.splitlines()[-1])


def table(medians: dict[str, dict[str, float]]) -> str:
    """The two readers side by side, and how many times the second does of the first, as Markdown."""
    lines = [f"| | {READERS[0]} | {READERS[1]} | times |", "|---|---|---|---|"]
    for key, title in COLUMNS.items():
        theirs, ours = (medians[reader][key] for reader in READERS)
        lines.append(f"| {title} | {theirs:,.0f} | {ours:,.0f} | {ours / theirs:.2f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model-name", required=True, help="a transformers folder (or hub name) with a fast tokenizer")
    parser.add_argument("--data", required=True, help="a file in SQuAD's format whose ids are all different")
    parser.add_argument("--repeats", type=int, default=5, help="measurements of each reader (default: 5)")
    parser.add_argument("--json", type=Path, help="also write all measurements to this file")
    parser.add_argument("--measure", choices=READERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.model_name, options.data)))
        return
    for key in ("model_name", "data"):
        if Path(getattr(options, key)).exists():
            setattr(options, key, str(Path(getattr(options, key)).resolve()))
    runs: dict[str, list[dict[str, float]]] = {reader: [] for reader in READERS}
    for repeat in range(options.repeats):
        for reader in READERS:
            runs[reader].append(measure_apart(reader, options))
            print(f"{repeat + 1}/{options.repeats} {reader}: {runs[reader][-1]['read']:,.0f}", file=sys.stderr)
    medians = {reader: {key: statistics.median(run[key] for run in runs[reader]) for key in COLUMNS} for reader in runs}
    ratio = medians["mlqa"]["read"] / medians["transformer_squad"]["read"]
    print(f"{table(medians)}\n\nmlqa reads {ratio:.1f} times as fast; at least {TARGET:.0f} times is the aim.")
    if options.json:
        options.json.write_text(json.dumps({"ratio": ratio, "medians": medians, "runs": runs}, indent=2) + "\n")
    if ratio < TARGET:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
