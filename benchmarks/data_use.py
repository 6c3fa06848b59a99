"""
What the data-use manifest adds to the reading of sentence pairs.

    python -m benchmarks.data_use --model-name ENCODER en=multinli_1.0_subset.jsonl xnli.dev.tsv

Each file is read in turn with its manifest, in one process: the instances first, then all that a run does besides (the
file's SHA-256, the fingerprints, the manifest's bytes). Measured is processor time, so other work on the machine counts
little; the share is the median of the turns' own.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

from allennlp.common import Params
from allennlp.data import DatasetReader, Instance

import xlamaml_allennlp  # noqa: F401  registers the reader
from xlamaml_allennlp.provenance.manifest import Manifest, Stage, union
from xlamaml_allennlp.provenance.manifest_examples import remember
from xlamaml_allennlp.provenance.manifest_file import to_bytes


def path_of(file: str) -> Any:
    """What a reader takes: a file, or with CODE=FILE that of a language."""
    code, _, path = file.rpartition("=")
    return {code: path} if code else path


def manifest_of(instances: list[Instance], path: Any) -> bytes:
    """What a run writes of one file, `encoder/data_use.bin`."""
    reads = union(examples.as_read("train") for examples in remember(instances, path).values())
    return to_bytes(Manifest((Stage("stage", reads),)))


def measured(reader: DatasetReader, path: Any) -> tuple[int, float, float]:
    """The number of pairs, and the seconds that it took to read them and to make their manifest."""
    instances, reading = _timed(lambda: list(reader.read(path)))
    _, manifest = _timed(lambda: manifest_of(instances, path))
    return len(instances), reading, manifest


def _timed(do: Callable[[], Any]) -> tuple[Any, float]:
    started = time.process_time()
    done = do()
    return done, time.process_time() - started


def row(file: str, turns: list[tuple[int, float, float]]) -> str:
    """A line of the table."""
    shares = sorted(100 * manifest / reading for _, reading, manifest in turns)
    reading, manifest = (statistics.median(1e6 * turn[which] / turn[0] for turn in turns) for which in (1, 2))
    share = f"{statistics.median(shares):.1f} % ({shares[0]:.1f} to {shares[-1]:.1f})"
    return f"| {file} | {turns[0][0]:,} | {reading:.0f} | {manifest:.1f} | {share} |"


def main() -> None:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model-name", required=True, help="a transformers folder (or hub name) with a fast tokenizer")
    parser.add_argument("--turns", type=int, default=7, help="how often each file is read (default: 7)")
    parser.add_argument("files", nargs="+", metavar="FILE", help="pairs; CODE=FILE where nothing tells the language")
    options = parser.parse_args()
    reader = DatasetReader.from_params(Params({"type": "xnli", "model_name": options.model_name}))
    turns: dict[str, list[tuple[int, float, float]]] = {file: [] for file in options.files}
    for _ in range(options.turns):
        for file, done in turns.items():
            done.append(measured(reader, path_of(file)))
    print("| file | pairs | reading, us a pair | manifest, us a pair | share |\n|---|---|---|---|---|")
    print("\n".join(row(file, done) for file, done in turns.items()))


if __name__ == "__main__":
    main()
