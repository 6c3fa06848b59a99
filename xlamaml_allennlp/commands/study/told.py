"""What a study tells its report, looked at before anything runs: by then a report would fail that took days to make."""

from collections.abc import Iterator

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.reports.asked import asked_by, names_in
from xlamaml_allennlp.reports.evaluation import setting_of
from xlamaml_allennlp.reports.predictions import ARROW
from xlamaml_allennlp.reports.setting import Setting, refuse_doubled
from xlamaml_allennlp.studies.evaluating import described
from xlamaml_allennlp.studies.study import Evaluation, Study

# Of this model one target may be several: questions in other languages than their paragraphs, as files say.
CROSSED = "cross_lingual_span_qa"
# What an evaluation may turn out to be of: several, where it chooses its run.
Settings = dict[str, list[tuple[Setting, int]]]


def check_told(study: Study) -> None:
    """
    Finds what its report could not be made of.

    # Parameters

    study : `Study`
        The study.

    # Raises

    `ConfigurationError`
        If a seed or shots are nothing that such a thing can be, two evaluations give the same numbers, or tables,
        figures or comparisons ask for what there is not.
    """
    for run in study.runs.values():
        setting_of({"method": run.method, "seed": run.seed, "shots": run.shots}, f"run {run.name}")
    settings: Settings = {
        evaluation.id: [setting_of(described(evaluation, study.runs[run]), f"run {run}") for run in evaluation.of]
        for evaluation in study.evaluations.values()
    }
    for kind in {_kind(study, each) for each in study.evaluations.values()}:
        refuse_doubled(_numbers(study, settings, kind))
    _check_names(study, settings)


def _kind(study: Study, evaluation: Evaluation) -> str:
    """What decides on measures: models of two kinds may be evaluated on a language each."""
    model = study.runs[evaluation.of[0]].config.get("model", {})
    return str(model.get("type", "")) if isinstance(model, dict) else ""


def _numbers(study: Study, settings: Settings, kind: str) -> Iterator[tuple[str, Setting, int, str]]:
    for evaluation in study.evaluations.values():
        # One that chooses among several is known when it has chosen.
        if _kind(study, evaluation) == kind and len(set(settings[evaluation.id])) == 1:
            ((setting, seed),) = set(settings[evaluation.id])
            for target, path in evaluation.data.items():
                what = f"results of {target} in {path}" if kind == CROSSED else f"results of {target}"
                yield evaluation.id, setting, seed, what


def _check_names(study: Study, settings: Settings) -> None:
    found = [setting for several in settings.values() for setting, _ in several]
    labels = {name for setting in found for name in (setting.method, setting.label)}
    methods = list(dict.fromkeys(setting.method for setting in found))
    targets = sorted({target for evaluation in study.evaluations.values() for target in evaluation.data})
    asked = asked_by(study.about, "the report")
    for key in ("tables", "figures", "comparisons"):
        for entry in getattr(asked, key):
            _refuse(key, "method", [name for name in names_in(entry) if name and name not in labels], methods)
            # Where questions are in another language than their paragraph, data go by the paragraph's.
            absent = [target for target in entry.targets if target.rpartition(ARROW)[2] not in targets]
            _refuse(key, "target", absent, targets)


def _refuse(key: str, kind: str, absent: list[str], there: list[str]) -> None:
    if absent:
        raise ConfigurationError(
            f'{key}: "{absent[0]}" is no {kind} of any evaluation. There are: {", ".join(there) or "none"}.'
        )
