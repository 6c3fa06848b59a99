"""
Kills training again and again, anywhere, and looks whether what is recovered ends as what was not disturbed.

    python -m benchmarks.soak --kills 300 --stage 2 --seed 0 --keep FAULTS

Each run is a variant of a stage's config on a tiny encoder: estimators, moving average, accumulation, schedules,
patience, a quarter of them with two workers. It is killed up to six times, at moments that the seed draws, and
recovered until it has ended; weights, checkpoints, metrics and the archive are then compared, bit for bit, with those
of a run that nobody disturbed. Exits with an error if any differs or cannot be recovered.
"""

import argparse
import json
import random
import shutil
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import torch
from allennlp.common import Params

from benchmarks.soak_cases import Case, Material, cases, first_stage
from benchmarks.soak_lives import Blow, Life, live

BLOWS = 6


class Run(NamedTuple):
    """A run that was disturbed: its blows, how often it was killed, and what is wrong with its end, if anything."""

    number: int
    case: Case
    blows: list[Blow]
    kills: int
    resumes: int
    failure: str
    differences: list[str]


def runs(stage: str, kills: int, seed: int, folder: Path) -> Iterator[Run]:
    """
    Disturbs runs until so many processes or groups of them were killed.

    # Parameters

    stage : `str`
        "1", "2" or "3b".
    kills : `int`
        Kills in all, at least.
    seed : `int`
        The same seed draws the same runs and the same moments in them.
    folder : `Path`
        Where runs are; each disturbed one is removed when it has been yielded.
    """
    material = Material(folder)
    if stage != "1":
        _undisturbed(material.params(first_stage()), material.base)
    chosen, whole, done, number = list(cases(stage)), dict[str, Life](), 0, 0
    random.Random(f"{seed} {stage}").shuffle(chosen)
    while done < kills:
        case = chosen[number % len(chosen)]
        undisturbed = folder / f"whole-{case.name.partition(':')[0]}"
        if case.name not in whole:
            whole[case.name] = _undisturbed(material.params(case), undisturbed)
        chance = random.Random(f"{seed} {stage} {number}")
        run = _disturbed(number, case, material, folder / "run", undisturbed, whole[case.name], chance)
        yield run
        shutil.rmtree(folder / "run")
        done, number = done + run.kills, number + 1


def _undisturbed(params: Params, folder: Path) -> Life:
    life = live(params, folder, False, None)
    if life.end != "finished":
        raise RuntimeError(f"{folder.name} fails by itself: {folder.with_suffix('.console').read_text()[-2000:]}")
    return life


def _disturbed(
    number: int, case: Case, material: Material, folder: Path, undisturbed: Path, whole: Life, chance: random.Random
) -> Run:
    ends, blows = list[str](), list[Blow]()
    while not ends or ends[-1] == "killed":
        blow = Blow.drawn(chance, whole.moments, case.workers) if len(blows) < BLOWS else None
        blows += [blow] if blow else []
        ends.append(live(material.params(case), folder, bool(ends), blow).end)
    failure = "" if ends[-1] == "finished" else f"{ends[-1]}: {folder.with_suffix('.console').read_text()[-1500:]}"
    folder.with_suffix(".console").unlink()
    wrong = [] if failure else differences(undisturbed, folder)
    return Run(number, case, blows, ends.count("killed"), len(ends) - 1, failure, wrong)


def differences(one: Path, other: Path) -> list[str]:
    """The names of what differs between two finished runs' folders."""
    mine, theirs = _contents(one), _contents(other)
    return sorted(name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name))


def _contents(folder: Path) -> dict[str, Any]:
    # Of checkpoints before the last a kill may leave others: they are removed by count.
    last = max(folder.glob("model_state_*.th"), key=lambda path: [int(each[1:]) for each in path.stem.split("_")[2:]])
    found: dict[str, Any] = {name: _bits(folder / name) for name in ("best.th", last.name)}
    for path in folder.glob("metrics*.json"):
        metrics = json.loads(path.read_text())
        found[path.name] = {k: v for k, v in metrics.items() if not k.endswith("MB") and "duration" not in k}
    with tarfile.open(folder / "model.tar.gz") as archive, tempfile.TemporaryDirectory() as out:
        found["members of the archive"] = sorted(archive.getnames())
        archive.extract("weights.th", out, filter="data")
        found["weights of the archive"] = _bits(Path(out, "weights.th"))
    found["half-written files"] = sorted(path.name for path in folder.glob("*.partial"))
    return found


def _bits(path: Path) -> dict[str, Any]:
    weights = torch.load(path, weights_only=True)
    return {name: (str(weight.dtype), weight.shape, weight.numpy().tobytes()) for name, weight in weights.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--stage", choices=("1", "2", "3b"), default="2")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="after which it ends with fewer kills")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="a folder for the runs that differ or fail")
    options = parser.parse_args()
    sums, of_cases = Counter[str](), dict[str, Counter[str]]()
    until = time.monotonic() + options.seconds
    with tempfile.TemporaryDirectory() as name:
        for run in runs(options.stage, options.kills, options.seed, Path(name)):
            found = Counter(runs=1, kills=run.kills, resumes=run.resumes)
            found.update(differences=int(bool(run.differences)), failures=int(bool(run.failure)))
            sums.update(found)
            of_cases.setdefault(run.case.name, Counter()).update(found)
            if run.differences or run.failure:
                wrong = run.failure or f"differs in {', '.join(run.differences)}"
                print(f"run {run.number} ({run.case.name}), {run.blows}: {wrong}", file=sys.stderr, flush=True)
                if options.keep:
                    kept = options.keep / f"{options.stage}-{options.seed}-{run.number}"
                    shutil.copytree(Path(name), kept, dirs_exist_ok=True)
            if time.monotonic() > until:
                break
    columns = ("runs", "kills", "resumes", "differences", "failures")
    print(f"| stage {options.stage} | {' | '.join(columns)} |\n|---{'|---' * len(columns)}|")
    for case, counts in sorted(of_cases.items(), key=lambda item: int(item[0].partition(":")[0])):
        print(f"| {case} | {' | '.join(str(counts[column]) for column in columns)} |")
    print(f"| all | {' | '.join(str(sums[column]) for column in columns)} |")
    sys.exit(bool(sums["differences"] or sums["failures"]))


if __name__ == "__main__":
    main()
