"""
How fast sentence pairs are read: `xnli` beside allennlp_models' `snli` with a pretrained tokenizer and indexer, on the
same file with the same encoder's tokenizer.

    python -m benchmarks.xnli_reader --model-name ENCODER --data multinli_1.0_subset.jsonl

Each measurement is a process of its own with one thread; the two readers take turns. Measured are pairs per second of
processor time (other work on the machine does not count) from the file to a list of instances, the same to instances
that are indexed too, as training needs them, and the memory that the process held at most, and by how
much reading made it grow (what loading the tokenizer left free is used first).
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

READERS = ("snli", "xnli")
TARGET = 5.0
COLUMNS = {
    "read": "pairs/s, read",
    "indexed": "pairs/s, read and indexed",
    "read_wall": "pairs/s, read (wall)",
    "memory": "peak memory, MB",
    "instances": "resident set grown by reading, MB",
}
ONE_THREAD = {"OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}


def settings_of(reader: str, model_name: str) -> dict[str, Any]:
    """How a config would name the reader."""
    if reader == "xnli":
        return {"type": "xnli", "model_name": model_name}
    return {
        "type": "snli",
        "tokenizer": {"type": "pretrained_transformer", "model_name": model_name, "add_special_tokens": False},
        "token_indexers": {"tokens": {"type": "pretrained_transformer", "model_name": model_name}},
    }


def peak_memory() -> float:
    """The most memory that this process ever held, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def measure(reader_name: str, model_name: str, data: str) -> dict[str, float]:
    """Reads the file once, in this process."""
    import allennlp_models.pair_classification.dataset_readers  # noqa: F401
    import psutil
    import torch
    from allennlp.common import Params
    from allennlp.data import DatasetReader, Vocabulary

    import xlamaml_allennlp.nli  # noqa: F401

    torch.set_num_threads(1)
    reader = DatasetReader.from_params(Params(settings_of(reader_name, model_name)))
    vocabulary = Vocabulary(tokens_to_add={"labels": ["entailment", "neutral", "contradiction"]})
    path = {"en": data} if reader_name == "xnli" else data
    before = psutil.Process().memory_info().rss
    start, start_wall = time.process_time(), time.perf_counter()
    instances = list(reader.read(path))  # type: ignore[arg-type]
    read, read_wall = time.process_time() - start, time.perf_counter() - start_wall
    held = psutil.Process().memory_info().rss - before
    for instance in instances:
        instance.index_fields(vocabulary)
    indexed = time.process_time() - start
    return {
        "read": len(instances) / read,
        "indexed": len(instances) / indexed,
        "read_wall": len(instances) / read_wall,
        "memory": peak_memory(),
        "instances": held / 1e6,
        "pairs": len(instances),
    }


def measure_apart(reader_name: str, options: argparse.Namespace) -> dict[str, float]:
    """Reads the file once, in a new process with one thread."""
    command = [sys.executable, "-m", "benchmarks.xnli_reader", "--measure", reader_name]
    command += ["--model-name", options.model_name, "--data", options.data]
    done = subprocess.run(
        command, env={**os.environ, **ONE_THREAD}, stdout=subprocess.PIPE, text=True, check=True,
        cwd=Path(__file__).parents[1],
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def table(medians: dict[str, dict[str, float]]) -> str:
    """A Markdown table of the two readers, and how many times the second does of the first."""
    rows = [["", *READERS, "xnli / snli"]]
    for key, title in COLUMNS.items():
        snli, xnli = (medians[reader][key] for reader in READERS)
        rows.append([title, f"{snli:,.0f}", f"{xnli:,.0f}", f"{xnli / snli:.2f}"])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model-name", required=True, help="a transformers folder (or hub name) with a fast tokenizer")
    parser.add_argument("--data", required=True, help="English pairs as JSON lines, such as MNLI's")
    parser.add_argument("--repeats", type=int, default=5, help="measurements of each reader (default: 5)")
    parser.add_argument("--json", type=Path, help="also write all measurements to this file")
    parser.add_argument("--measure", choices=READERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.model_name, options.data)))
        return
    options.model_name, options.data = (
        str(Path(given).resolve()) if Path(given).exists() else given for given in (options.model_name, options.data)
    )
    runs: dict[str, list[dict[str, float]]] = {reader: [] for reader in READERS}
    for repeat in range(options.repeats):
        for reader in READERS:
            runs[reader].append(measure_apart(reader, options))
            print(f"{repeat + 1}/{options.repeats} {reader}: {runs[reader][-1]['read']:,.0f} pairs/s", file=sys.stderr)
    medians = {
        reader: {key: statistics.median(run[key] for run in runs[reader]) for key in COLUMNS} for reader in READERS
    }
    ratio = medians["xnli"]["read"] / medians["snli"]["read"]
    print(f"{runs['xnli'][0]['pairs']:,} pairs, medians of {options.repeats}\n\n{table(medians)}\n")
    print(f"xnli reads {ratio:.1f} times as fast; at least {TARGET:.0f} times is the aim.")
    if options.json:
        options.json.write_text(json.dumps({"ratio": ratio, "medians": medians, "runs": runs}, indent=2) + "\n")
    if ratio < TARGET:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
