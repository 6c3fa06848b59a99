"""What a study tells its report, looked at before anything runs: by then a report would fail that took days to make."""

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.commands.study.doubled import check_doubled
from xlamaml_allennlp.reports.asked import asked_by, names_in
from xlamaml_allennlp.reports.evaluation import setting_of
from xlamaml_allennlp.reports.predictions import ARROW
from xlamaml_allennlp.reports.setting import Setting
from xlamaml_allennlp.studies.evaluating import described
from xlamaml_allennlp.studies.study import Evaluation, Run, Study


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
    check_doubled(study, _row_of)
    _check_names(study)


def _row_of(evaluation: Evaluation, run: Run) -> tuple[Setting, int]:
    return setting_of(described(evaluation, run), f"run {run.name}")


def _check_names(study: Study) -> None:
    asked = asked_by(study.about, "the report")
    if not study.evaluations:  # and so no report
        return
    found = [_row_of(each, study.runs[name])[0] for each in study.evaluations.values() for name in each.of]
    labels = {name for setting in found for name in (setting.method, setting.label)}
    methods = list(dict.fromkeys(setting.method for setting in found))
    targets = sorted({target for evaluation in study.evaluations.values() for target in evaluation.data})
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
