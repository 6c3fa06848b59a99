"""Which steps of a study are asked for by name."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.studies.standing import DONE, Standing


def chosen(only: Sequence[str], every: Sequence[Standing]) -> list[Standing]:
    """
    The steps that `--only` names; all of them if it names none.

    # Parameters

    only : `Sequence[str]`
        Names, or patterns with `*` and `?` for several.
    every : `Sequence[Standing]`
        All steps of the study, in order.

    # Raises

    `ConfigurationError`
        If there is no such step, or one needs another that is neither done nor asked for.
    """
    if not only:
        return list(every)
    wanted: set[str] = set()
    for pattern in only:
        found = {each.step.id for each in every if pattern == each.step.id or fnmatchcase(each.step.id, pattern)}
        if not found:
            first = every[0].step.id if every else "runs/NAME"
            raise ConfigurationError(f"--only {pattern}: no such step. They are named like {first}.")
        wanted |= found
    steps = [each for each in every if each.step.id in wanted]
    _check_needs(steps, {each.step.id for each in every if each.act != DONE} - wanted)
    return steps


def _check_needs(steps: Sequence[Standing], left_out: set[str]) -> None:
    for each in steps:
        for needed in each.step.needs:
            if needed in left_out and each.act != DONE:
                raise ConfigurationError(
                    f"--only {each.step.id}: it needs {needed}, which is not done. Do it first, or name both."
                )
