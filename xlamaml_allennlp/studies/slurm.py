"""The steps of a study as jobs of Slurm, each waiting for those that it needs."""

import math
import shlex
from collections.abc import Sequence

from xlamaml_allennlp.studies.resources import UNSAID, Resources
from xlamaml_allennlp.studies.standing import Standing

_HEAD = """\
#!/usr/bin/env bash
# Submits {count} steps of the study {name}; with options of sbatch: SBATCH_OPTIONS="--gres=gpu:1" bash THIS_FILE
# Every job is a command that can be given again: what is done is left alone, what was interrupted goes on.
set -euo pipefail
submit() {{ sbatch --parsable ${{SBATCH_OPTIONS:-}} "$@"; }}
"""


def script(
    name: str, left: Sequence[Standing], again: Sequence[str], resources: Resources = UNSAID, reports: bool = True
) -> str:
    """
    A script of bash that submits them.

    # Parameters

    name : `str`
        The study's name.
    left : `Sequence[Standing]`
        What is not done, in order.
    again : `Sequence[str]`
        The command that does the study; with `--only ID` one step of it.
    resources : `Resources`, optional (default = `UNSAID`)
        Of a step that says nothing of its own.
    reports : `bool`, optional (default = `True`)
        Whether the command is given once more at the end, whatever has become of the steps; it reports then.
    """
    lines = [_HEAD.format(count=len(left), name=name)]
    variables = {each.step.id: f"job{number}" for number, each in enumerate(left, start=1)}
    for each in left:
        needs = [f"${variables[id]}" for id in each.step.needs if id in variables]
        after = f"--dependency=afterok:{':'.join(needs)} --kill-on-invalid-dep=yes " if needs else ""
        options = after + _options(each.step.resources.over(resources))
        command = shlex.join([*again, "--only", each.step.id])
        job = shlex.quote(each.step.id)
        lines.append(f"{variables[each.step.id]}=$(submit {options}--job-name={job} --wrap {shlex.quote(command)})")
    if left and reports:
        every = ":".join(f"${variable}" for variable in variables.values())
        wrapped = shlex.quote(shlex.join(again))
        lines.append(f"submit --dependency=afterany:{every} --job-name=report --wrap {wrapped}")
    return "\n".join(lines) + "\n"


def _options(given: Resources) -> str:
    # Slurm deals out whole ones.
    named = {"--cpus-per-task": given.cpus, "--gpus": given.gpus, "--mem": given.memory_gb and given.memory_gb * 1000}
    units = {"--mem": "M"}
    return "".join(f"{name}={math.ceil(value)}{units.get(name, '')} " for name, value in named.items() if value)
