"""What will be done and what cannot be, said before anything is."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xlamaml_allennlp.studies.archives import Keep
from xlamaml_allennlp.studies.content import inputs, is_remote, problem, sources_digest
from xlamaml_allennlp.studies.estimate import Estimate, estimate
from xlamaml_allennlp.studies.standing import DONE, Standing, Standings
from xlamaml_allennlp.studies.study import Run, Step


@dataclass(frozen=True)
class Plan:
    """
    A study before it runs.

    # Parameters

    standings : `Sequence[Standing]`
        Every step asked for, in the order in which they are done.
    problems : `Sequence[str]`
        Why nothing can be done: all reasons that can be known now.
    notes : `Sequence[str]`
        What is worth knowing and keeps nobody from beginning.
    estimate : `Estimate`
        What the rest will take.
    """

    standings: Sequence[Standing]
    problems: Sequence[str]
    notes: Sequence[str]
    estimate: Estimate

    @property
    def left(self) -> list[Standing]:
        """What is not done."""
        return [each for each in self.standings if each.act != DONE]


def plan_of(standings: Standings, steps: Sequence[Standing], keep: Keep) -> Plan:
    """
    Looks at everything that is asked for of a study.

    # Parameters

    standings : `Standings`
        The study, and what has been done of it.
    steps : `Sequence[Standing]`
        Those asked for, in order.
    keep : `Literal["none", "best", "all"]`
        Which archives will stay.
    """
    left = [each for each in steps if each.act != DONE]
    rest = estimate(standings.study, standings.folder, left, keep)
    problems = [*_missing_files(left), *(each.problem for each in left if each.problem)]
    free = shutil.disk_usage(_existing(standings.folder.path)).free / 1e6
    # Of what is known: more is needed where something is not.
    needed = rest.kept_mb + rest.largest_mb
    if needed > free:
        problems.append(
            f"{standings.folder.path}: about {needed:,.0f} MB will be needed and {free:,.0f} MB are free. Make room, "
            "or keep fewer archives (--keep-archives)."
        )
    return Plan(steps, problems, _notes(standings, steps), rest)


def _missing_files(left: Sequence[Standing]) -> list[str]:
    users: dict[str, list[Step]] = {}
    for each in left:
        for path in _inputs(each.step):
            users.setdefault(path, []).append(each.step)
    found = []
    for path, steps in users.items():
        if (wrong := problem(path)) is not None:
            more = f" and {len(steps) - 1} more" if len(steps) > 1 else ""
            found.append(f"{path}: {wrong}. {steps[0].id}{more} would read it.")
    return found


def _notes(standings: Standings, steps: Sequence[Standing]) -> list[str]:
    remote = {path for each in steps if each.act != DONE for path in _inputs(each.step) if is_remote(path)}
    notes = [f"{len(remote)} files are addresses, which are looked for when they are read."] if remote else []
    done = {path for each in steps if each.act == DONE for path in _inputs(each.step) if problem(path)}
    # Of what is to be done they are problems.
    gone = sorted(done.difference(path for each in steps if each.act != DONE for path in _inputs(each.step)))
    if gone:
        which = f"{gone[0]} is" if len(gone) == 1 else f"{len(gone)} files, {gone[0]} first, are"
        notes.append(f"{which} not there, so whether they changed is unknown; what was made of them is left alone.")
    notes += [f"{each.step.id} fails as it is: {each.fault}" for each in steps if each.fault]
    now, other = sources_digest(), 0
    for each in steps:
        if isinstance(each.step, Run) and each.act == DONE:
            other += (standings.folder.state(each.step) or {}).get("sources") != now
    if other:
        notes.append(f"{other} runs were made by other code of this version, and are left alone.")
    return notes


def _inputs(step: Step) -> list[str]:
    return inputs(step.config) if isinstance(step, Run) else list(dict.fromkeys(step.data.values()))


def _existing(folder: Path) -> Path:
    absolute = Path(os.path.abspath(folder))
    return next(path for path in (absolute, *absolute.parents) if path.exists())
