"""
How much of what an encoder is given is padding, on real data, in each way of making batches.

    python -m benchmarks.padding --encoder ENCODER --nli data/xnli.dev.tsv --qa data/dev-context-en-question-en.json

A file whose language nothing tells is LANGUAGE=FILE. Batches of stage 1 in random order and by length (`buckets` of
the configs), sets of 8 examples whole and in micro-batches, which are sorted by length, evaluations in the order of the
file and by length. Of questions these are the windows that hold the answer, as in training. Nothing is computed but
lengths.
"""

import argparse
import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from allennlp.common import Params
from allennlp.data import DatasetReader, Instance, Vocabulary
from allennlp.data.samplers import BucketBatchSampler

from xlamaml_allennlp.episodes.side import length

EVALUATION = 64
SET = 8


def padding(batches: Iterable[Sequence[int]]) -> float:
    """The share of the tokens of batches that are padding."""
    tokens = space = 0
    for lengths in batches:
        tokens += sum(lengths)
        space += len(lengths) * max(lengths)
    return 1 - tokens / space


def batched(lengths: Iterable[int], size: int) -> Iterator[Sequence[int]]:
    """As `itertools.batched` of Python 3.12."""
    rest = iter(lengths)
    while batch := list(islice(rest, size)):
        yield batch


def shuffled(lengths: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return batched(random.Random(0).sample(lengths, len(lengths)), size)


def in_buckets(instances: Sequence[Instance], size: int, noise: float) -> Iterator[Sequence[int]]:
    """As AllenNLP's sampler makes batches."""
    random.seed(0)
    sampler = BucketBatchSampler(size, sorting_keys=["tokens"], padding_noise=noise)
    for batch in sampler.get_batch_indices(instances):
        yield [length(instances[row]) for row in batch]


def micro_batches(lengths: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Sets of 8, each sorted and cut."""
    for each in shuffled(lengths, SET):
        yield from batched(sorted(each), size)


def measure(task: str, reader: dict[str, Any], data: str, batch_size: int) -> Iterator[str]:
    """The rows of the table for one file."""
    language, _, path = data.rpartition("=")
    instances = list(DatasetReader.from_params(Params(reader)).read({language: path} if language else path))
    for instance in instances:
        instance.index_fields(Vocabulary.empty())
    lengths = [length(instance) for instance in instances]
    ways: list[tuple[str, Iterable[Sequence[int]], Iterable[Sequence[int]]]] = [
        (f"stage 1, batches of {batch_size}", shuffled(lengths, batch_size), in_buckets(instances, batch_size, 0.1)),
        (f"evaluation, batches of {EVALUATION}", batched(lengths, EVALUATION), in_buckets(instances, EVALUATION, 0.0)),
        *((f"sets of {SET}, in parts of {n}", shuffled(lengths, SET), micro_batches(lengths, n)) for n in (4, 2)),
    ]
    for name, before, after in ways:
        shares = [padding(before), padding(after)]
        less = 1 - (1 - shares[0]) / (1 - shares[1])
        cells = [f"{100 * share:.1f} %" for share in (*shares, less)]
        yield f"| {task}, {len(lengths):,} instances: {name} | {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", required=True, help="transformers name or folder, of which the tokenizer is used")
    parser.add_argument("--nli", nargs="*", default=[], help="files of sentence pairs")
    parser.add_argument("--qa", nargs="*", default=[], help="files of questions")
    options = parser.parse_args()
    print("| | padding in the order given | by length | fewer tokens |\n|---|---|---|---|")
    for data in options.nli:
        for row in measure("NLI", {"type": "xnli", "model_name": options.encoder}, data, 32):
            print(row, flush=True)
    for data in options.qa:
        keys = {"type": "mlqa", "model_name": options.encoder, "max_length": 384, "stride": 128, "windows": "answer"}
        for row in measure("QA", keys, data, 12):
            print(row, flush=True)


if __name__ == "__main__":
    main()
