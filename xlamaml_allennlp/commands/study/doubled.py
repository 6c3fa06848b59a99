"""Evaluations of a study that would give the same numbers: a report takes each once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.reports.setting import Setting, refuse_doubled
from xlamaml_allennlp.studies.study import RUNS, Evaluation, Run, Study

# Of this model a target is one, whatever its files. Of others it may be several, such as questions in other languages
# than their paragraphs, as files say: what is of one file alone is known to be the same.
PLAIN = "cross_lingual_pair_classifier"
# Whose number it is (the kind of model, the row and the seed), and of what.
Number = tuple[str, Setting, int, str]


def check_doubled(study: Study, row_of: Callable[[Evaluation, Run], tuple[Setting, int]]) -> None:
    """
    Sees to it that no number is given twice, as far as that is known before runs are chosen.

    # Parameters

    study : `Study`
        The study.
    row_of : `Callable[[Evaluation, Run], tuple[Setting, int]]`
        Which row and seed an evaluation of a run is of.

    # Raises

    `ConfigurationError`
        If two evaluations give the same, or one that chooses its run would, whichever it chooses.
    """
    possible = {
        each.id: list(dict.fromkeys(_numbers(study, each, study.runs[name], row_of) for name in each.of))
        for each in study.evaluations.values()
    }
    certain = [(id, number) for id, several in possible.items() if len(several) == 1 for number in several[0]]
    # Models of two kinds may be evaluated on a language each.
    for kind in dict.fromkeys(number[0] for _, number in certain):
        refuse_doubled((id, *number[1:]) for id, number in certain if number[0] == kind)
    givers = {number: id for id, number in certain}
    for id, several in possible.items():
        if len(several) > 1:
            _check_choice(id, several, givers)


def _numbers(
    study: Study, evaluation: Evaluation, run: Run, row_of: Callable[[Evaluation, Run], tuple[Setting, int]]
) -> tuple[Number, ...]:
    kind, row = _kind(study, run), row_of(evaluation, run)
    return tuple(
        (kind, *row, f"results of {target}" + ("" if kind == PLAIN else f" in {path}"))
        for target, path in evaluation.data.items()
    )


def _kind(study: Study, run: Run) -> str:
    """The type of a run's model; of one that it takes from an archive of another run of the study, that run's."""
    for _ in study.runs:  # no longer a way than that leads on
        model = _model(run)
        archive = str(model.get("archive_file", ""))
        earlier = [name for name in run.earlier if archive.startswith(f"{RUNS}/{name}/")]
        if model.get("type") != "from_archive" or not earlier:
            break
        run = study.runs[earlier[0]]
    return str(_model(run).get("type", ""))


def _model(run: Run) -> Mapping[str, Any]:
    model = run.config.get("model")
    return model if isinstance(model, Mapping) else {}


def _check_choice(id: str, several: Sequence[Sequence[Number]], givers: Mapping[Number, str]) -> None:
    doubled = [next((number for number in numbers if number in givers), None) for numbers in several]
    first = doubled[0]
    if first is not None and None not in doubled:
        others = " and ".join(dict.fromkeys(givers[number] for number in doubled if number is not None))
        raise ConfigurationError(
            f"{id} gives {first[3]} of the run that it chooses, and so do {others}, whichever that is. Give it a "
            "method of its own."
        )
