"""In which order the steps of a study are done."""

import graphlib
import heapq

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.studies.study import Run, Step, Study


def order(study: Study) -> list[Step]:
    """
    All steps, each after what it needs: evaluations as soon as their archives are there, so that these can go; else as
    the study's file has them.

    # Raises

    `ConfigurationError`
        If some wait for each other.
    """
    steps = study.steps
    sorter = graphlib.TopologicalSorter({id: step.needs for id, step in steps.items()})
    try:
        sorter.prepare()
    except graphlib.CycleError as error:
        circle = " needs ".join(reversed(error.args[1]))
        raise ConfigurationError(f"These wait for each other: {circle}. One of them has to do without.") from error
    place = {id: (isinstance(step, Run), number) for number, (id, step) in enumerate(steps.items())}
    ordered: list[Step] = []
    ready: list[tuple[tuple[bool, int], str]] = []
    while sorter.is_active():
        for id in sorter.get_ready():
            heapq.heappush(ready, (place[id], id))
        _, id = heapq.heappop(ready)
        ordered.append(steps[id])
        sorter.done(id)
    return ordered
