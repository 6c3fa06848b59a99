"""Reads everything that a folder holds, and refuses what does not fit together."""

import logging
from pathlib import Path

from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.reports.choosing import arranged
from xlamaml_allennlp.reports.evaluation import WAY_OUT, Evaluation, read_evaluation
from xlamaml_allennlp.reports.metrics import Measured, read_metrics, scale_of
from xlamaml_allennlp.reports.planned import read_plan
from xlamaml_allennlp.reports.predictions import ARROW, Judged, read_predictions
from xlamaml_allennlp.reports.results import Results
from xlamaml_allennlp.reports.setting import refuse_doubled

logger = logging.getLogger(__name__)


def collect(folder: Path) -> Results:
    """
    Reads all evaluations of a folder: those in `evaluations/`, or, where there is no such folder, in the folder itself.
    Where there is a study, those that it has, in `evaluations/`.

    # Parameters

    folder : `Path`
        The folder.

    # Raises

    `ConfigurationError`
        If there are none, two give the same number, or one's metrics are not those of its predictions.
    """
    plan = read_plan(folder)
    within = folder / "evaluations" if plan.is_study or (folder / "evaluations").is_dir() else folder
    found = sorted(p for p in within.iterdir() if p.is_dir()) if within.is_dir() else []
    listed, results = plan.listed, Results(choosing=plan.choosing, asked=plan.asked)
    if plan.is_study:
        results.foreign = [path.name for path in found if path.name not in plan.order]
        found = [path for path in found if path.name in plan.order]
    if results.foreign:
        logger.warning("%s: study.json does not have %s; not reported.", within, ", ".join(results.foreign))
    for path in found:
        if (path / "metrics.json").exists():
            _add(results, path, read_evaluation(path, listed))
        elif (path / "evaluation.json").exists() or path.name in listed:
            results.unfinished.append(path.name)
    results.unfinished += sorted(set(listed) - {path.name for path in found})
    if results.unfinished:
        missing = ", ".join(results.unfinished)
        logger.warning("%d evaluations have no metrics yet: %s.", len(results.unfinished), missing)
    if not results.evaluations:
        if plan.is_study and not found:
            raise ConfigurationError(f"{folder}: none of the {len(plan.order)} evaluations of its study is done.")
        raise ConfigurationError(f"{within}: no evaluation in it has a metrics.json. {WAY_OUT}")
    refuse_doubled(
        (str(e.folder), e.setting, e.seed, f"{measure} of {target}")
        for e in results.evaluations
        for measure, values in results.measured[e.name].values.items()
        for target in values
    )
    place = {setting: number for number, setting in enumerate(arranged(results, plan.order))}
    results.evaluations.sort(key=lambda e: (place[e.setting], e.seed))
    return results


def _add(results: Results, path: Path, evaluation: Evaluation) -> None:
    judged = read_predictions(path / "predictions.jsonl") if (path / "predictions.jsonl").exists() else {}
    measured = _by_question_language(read_metrics(path / "metrics.json", evaluation.targets), judged)
    results.evaluations.append(evaluation)
    results.measured[evaluation.name], results.judged[evaluation.name] = measured, judged
    for measure, values in measured.values.items():
        for target, value in values.items():
            if target in judged and measure in judged[target].scores:
                mean = float(judged[target].scores[measure].mean()) * (100 / scale_of(measure, [value]))
                _compare(mean, value, f"{path}: {measure} of {target}", scale_of(measure, [value]))


def _by_question_language(measured: Measured, judged: dict[str, Judged]) -> Measured:
    # Metrics go by the language of the paragraph; where all questions to it are in one other, that is the target.
    names = {}
    for target in judged:
        _, _, context = target.partition(ARROW)
        others = [name for name in judged if name == context or name.endswith(f"{ARROW}{context}")]
        if context and others == [target]:
            names[context] = target
    values = {m: {names.get(t, t): v for t, v in of.items()} for m, of in measured.values.items()}
    return Measured(
        values,
        {names.get(t, t): said for t, said in measured.zero_shot.items()},
        {names.get(t, t): n for t, n in measured.seen.items()},
    )


def _compare(mean: float, value: float, place: str, scale: float) -> None:
    if abs(mean - value) * scale > 0.01:
        raise ConfigurationError(
            f"{place} is {value:g} in metrics.json and {mean:g} by predictions.jsonl: these are of different "
            "evaluations. Evaluate again."
        )
