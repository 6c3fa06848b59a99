"""
Damages files, lines and mappings at random, and looks how readers and predictors take it.

    python -m benchmarks.fuzz --cases 50000 --seed 0 --keep FAULTS

Whatever a stranger's file holds, it is read or refused with a `ConfigurationError`: no other exception, no more than
5 s of processor time and no more than 1 GB of memory for a file of some kilobytes. Exits with an error where that does
not hold, and keeps the inputs that show it.
"""

import argparse
import logging
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NamedTuple, Optional

from allennlp.common.checks import ConfigurationError
from allennlp.common.logging import AllenNlpLogger

from benchmarks.fuzz_mutations import mutated
from benchmarks.fuzz_targets import Target, targets

SECONDS = 5.0
MEGABYTES = 1000


class Outcome(NamedTuple):
    """What became of one input."""

    target: str
    file: Path
    kind: str  # "read", "refused", or the name of what should not have happened
    detail: str
    seconds: float
    megabytes: float

    @property
    def is_fault(self) -> bool:
        return self.kind not in ("read", "refused")


def outcomes(cases: int, seed: int, folder: Path) -> Iterator[Outcome]:
    """
    Feeds the targets in turn.

    # Parameters

    cases : `int`
        Inputs in all.
    seed : `int`
        The same seed makes the same inputs.
    folder : `Path`
        Where files are written; each replaces the one before it unless somebody moves it away.
    """
    fed = targets(folder)
    for case in range(cases):
        target = fed[case % len(fed)]
        chance = random.Random(f"{seed} {case}")
        file = folder / chance.choice(target.files)
        file.write_bytes(mutated(chance, target.content))
        yield _outcome(target, file)


def _outcome(target: Target, file: Path) -> Outcome:
    before, began = _peak(), time.process_time()
    kind, detail = "read", ""
    try:
        with _bounded():
            target.take(file)
    except ConfigurationError as error:
        kind, detail = "refused", str(error)
    except Exception as error:
        kind, detail = type(error).__name__, str(error)
    seconds, megabytes = time.process_time() - began, _peak() - before
    if kind in ("read", "refused") and (seconds > SECONDS or megabytes > MEGABYTES):
        kind, detail = "too much", f"{seconds:.1f} s of processor time, {megabytes:.0f} MB"
    return Outcome(target.name, file, kind, detail, seconds, megabytes)


@contextmanager
def _bounded() -> Iterator[None]:
    """Ends what takes far too long, instead of waiting for it."""

    def end(number: int, frame: Optional[FrameType]) -> None:
        raise TimeoutError(f"over {SECONDS} s of processor time")

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="a folder for the inputs that show a fault")
    options = parser.parse_args()
    logging.setLoggerClass(AllenNlpLogger)
    logging.disable(logging.CRITICAL)
    counts: dict[str, Counter[str]] = {}
    slowest, largest, faults = 0.0, 0.0, 0
    with tempfile.TemporaryDirectory() as folder:
        for case, outcome in enumerate(outcomes(options.cases, options.seed, Path(folder))):
            counts.setdefault(outcome.target, Counter())[outcome.kind] += 1
            slowest, largest = max(slowest, outcome.seconds), max(largest, outcome.megabytes)
            if outcome.is_fault:
                faults += 1
                print(f"case {case}, {outcome.target}: {outcome.kind}: {outcome.detail[:300]}", file=sys.stderr)
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"{case}-{outcome.file.name}").write_bytes(outcome.file.read_bytes())
    print("| input | cases | read | refused | faults |\n|---|---|---|---|---|")
    for name, kinds in counts.items():
        read, refused = kinds["read"], kinds["refused"]
        print(f"| {name} | {kinds.total()} | {read} | {refused} | {kinds.total() - read - refused} |")
    print(f"\nslowest {slowest:.2f} s of processor time, largest growth {largest:.0f} MB, {faults} faults")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
