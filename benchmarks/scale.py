"""
What episodes over very many sentence pairs cost: starting again, memory of each worker, and episodes per second.

    python -m benchmarks.scale --model-name ENCODER --pairs 5890530 --data DATA/XNLI-1.0/xnli.dev.tsv --folder SCRATCH

writes a synthetic corpus into SCRATCH (a file for each language; pairs of one number translate each other, and three
share a premise) whose texts have as many words as XNLI's, of which they are sampled; without `--data` words are made
up. Then it starts processes that read it as `allennlp train` does, up to an episode: the first tokenizes, all others
take what it kept. The corpus and what was kept are used again if they are there.

Seconds count from the start of the process, imports included; beside other work look at those of the processor, and at
episodes per second of it. Memory is what a process has more at the end than it had
with its reader and before its data, in megabytes: resident, its proportional share (pages of files that several
processes read are divided among them), and what it has alone.
"""

import argparse
import multiprocessing
import time
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.scale_corpus import LANGUAGES, write_corpus


class Measured(NamedTuple):
    """
    What one process tells: seconds to its first episode, by the clock and of the processor, megabytes of each kind, and
    episodes per second of both.
    """

    start: tuple[float, float]
    memory: dict[str, float]
    rate: tuple[float, float]


def memory() -> dict[str, float]:
    """What this process holds, in megabytes."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    found = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
    own = found["Private_Clean"] + found["Private_Dirty"]
    return {"resident": found["Rss"], "proportional": found["Pss"], "alone": own}


def work(options: argparse.Namespace, parallel: bool, began: float, together: Any, told: Any) -> None:
    """Reads the corpus in a process of its own and tells what that costs."""
    from allennlp.common import Lazy
    from allennlp.data import DataLoader, Vocabulary

    from xlamaml_allennlp.episodes import CoveringSampler, CrossLingualPlan, EpisodeDataLoader
    from xlamaml_allennlp.nli.dataset_reader import XnliReader
    from xlamaml_allennlp.provenance.manifest_reading import Reading, uses_of
    from xlamaml_allennlp.provenance.protocol import Protocol

    reader = XnliReader(str(options.model_name), cache=str(options.folder / "cache"))
    before = memory()
    paths = {language: str(options.folder / f"{language}.tsv") for language in LANGUAGES[: options.languages]}
    english, *others = paths

    def made(data_path: Any) -> DataLoader:
        plan, sampler = CrossLingualPlan([english], others), CoveringSampler(8, 8, parallel=parallel)
        return EpisodeDataLoader(reader, data_path, languages=plan, sampler=sampler)

    # The manifest of what a run reads is a part of its start.
    reading = Reading("scale", Protocol(), uses_of({"train_data_path": paths}))
    loader = reading.watched(Lazy(made)).construct(data_path=paths)
    loader.index_with(Vocabulary.empty())
    episodes = (episode for _ in iter(int, 1) for episode in loader)
    next(episodes)
    start = time.time() - began, time.process_time()
    since = time.perf_counter(), time.process_time()
    for _ in islice(episodes, options.episodes):
        pass
    taken = time.perf_counter() - since[0], time.process_time() - since[1]
    rate = options.episodes / taken[0], options.episodes / taken[1]
    together.wait()  # so that all of them hold what they hold
    after = memory()
    together.wait()
    told.put(Measured(start, {kind: after[kind] - before[kind] for kind in after}, rate))


def measure(options: argparse.Namespace, parallel: bool, workers: int) -> list[Measured]:
    """So many workers at once."""
    spawn = multiprocessing.get_context("spawn")
    together, told = spawn.Barrier(workers), spawn.Queue()
    began = time.time()
    processes = [spawn.Process(target=work, args=(options, parallel, began, together, told)) for _ in range(workers)]
    for process in processes:
        process.start()
    found = [told.get() for _ in processes]
    for process in processes:
        process.join()
    return found


def show(name: str, found: list[Measured]) -> None:
    for each in found:
        kinds = " | ".join(f"{each.memory[kind]:7.0f}" for kind in ("resident", "proportional", "alone"))
        start, rate = " | ".join(f"{of:6.1f}" for of in each.start), " | ".join(f"{of:6.0f}" for of in each.rate)
        print(f"| {name} | {start} | {kinds} | {rate} |", flush=True)
    if len(found) > 1:
        total = sum(each.memory["proportional"] for each in found)
        print(f"| {name}, all {len(found)} | | | | {total:7.0f} | | | |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model-name", required=True, help="the encoder whose tokenizer to use")
    parser.add_argument("--pairs", type=int, required=True, help="pairs of all languages together")
    parser.add_argument("--languages", type=int, default=15, choices=range(2, 16), metavar="N")
    parser.add_argument("--workers", type=int, default=2, help="processes that read at once")
    parser.add_argument("--episodes", type=int, default=3000, help="episodes that are timed")
    parser.add_argument("--data", type=Path, help="xnli.dev.tsv, for its words and lengths")
    parser.add_argument("--folder", type=Path, required=True, help="where the corpus and what is kept of it go")
    options = parser.parse_args()
    write_corpus(options.folder, options.pairs, options.languages, options.data)
    print(f"{options.pairs:,} pairs in {options.languages} languages")
    seconds, rates = ("seconds", "of the processor"), ("episodes/s", "of the processor")
    heads = "start", *seconds, "resident MB", "proportional MB", "alone MB", *rates
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    show("first, covering", measure(options, False, 1))
    for parallel in (False, True):
        name = "parallel" if parallel else "covering"
        show(f"second, {name}", measure(options, parallel, 1))
        if options.workers > 1:
            show(f"second, {name}, {options.workers} workers", measure(options, parallel, options.workers))


if __name__ == "__main__":
    main()
