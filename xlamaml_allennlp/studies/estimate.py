"""How long the rest of a study will take and how much of the disk, by what its finished steps took."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from xlamaml_allennlp.studies.archives import Keep, group_of
from xlamaml_allennlp.studies.content import digest_of, inputs
from xlamaml_allennlp.studies.folder import StudyFolder
from xlamaml_allennlp.studies.standing import DONE, Standing
from xlamaml_allennlp.studies.study import Run, Step, Study
from xlamaml_allennlp.studies.training import MB, size_of


@dataclass(frozen=True)
class Estimate:
    """
    What those of the steps that are left will take which are like finished ones.

    # Parameters

    seconds : `float`
        One after the other.
    kept_mb : `float`
        What they leave on the disk.
    largest_mb : `float`
        What one of them has on the disk while it runs, the largest.
    known : `int`
        How many they are.
    unknown : `int`
        The others: steps of a kind that nothing is known of yet.
    """

    seconds: float
    kept_mb: float
    largest_mb: float
    known: int
    unknown: int


def estimate(study: Study, folder: StudyFolder, left: Sequence[Standing], keep: Keep) -> Estimate:
    """
    Steps of a kind take time in proportion to their work: a run's meta steps, or its epochs over its data; an
    evaluation's languages.

    # Parameters

    study, folder : `Study`, `StudyFolder`
        The study.
    left : `Sequence[Standing]`
        What is not done.
    keep : `Literal["none", "best", "all"]`
        Which archives stay.
    """
    left_ids = {each.step.id for each in left if each.act != DONE}
    done = [step for step in study.steps.values() if step.id not in left_ids]
    known = _measured(study, folder, done)
    found = [(each.step, known.get(kind_of(study, each.step))) for each in left]
    measured = [(step, one) for step, one in found if one is not None]
    seconds = sum(one.seconds * _work(step) for step, one in measured)
    kept = sum(one.kept_mb - one.archive_mb for _, one in measured) + _archives(measured, folder, done, keep)
    largest = max((one.largest_mb for _, one in measured), default=0.0)
    return Estimate(seconds, kept, largest, len(measured), len(left) - len(measured))


def _archives(
    measured: Sequence[tuple[Step, "_Measured"]], folder: StudyFolder, done: Iterable[Step], keep: Keep
) -> float:
    """What archives will take that stay and are not there yet."""
    sizes = [(step, one.archive_mb) for step, one in measured if isinstance(step, Run)]
    if keep != "best":
        return sum(size for _, size in sizes) if keep == "all" else 0.0
    # One of a group, in the place of the one that it may have.
    largest: dict[object, float] = {}
    for run, size in sizes:
        largest[group_of(run)] = max(size, largest.get(group_of(run), 0.0))
    there = {group_of(step) for step in done if isinstance(step, Run) and folder.archive(step.name).exists()}
    return sum(size for group, size in largest.items() if group not in there)


@dataclass(frozen=True)
class _Measured:
    """What a step of some kind took: seconds for a unit of its work, and the disk."""

    seconds: float
    kept_mb: float = 0.0
    archive_mb: float = 0.0
    largest_mb: float = 0.0


def _measured(study: Study, folder: StudyFolder, done: Iterable[Step]) -> Mapping[str, _Measured]:
    found: dict[str, list[_Measured]] = {}
    for step in done:
        state = _state(folder, step)
        if state is None or not _work(step):
            continue
        per_unit = state["seconds"] / _work(step)
        disk = (state.get("kept_mb", 0.0), _archive_mb(folder, step, state), state.get("largest_mb", 0.0))
        found.setdefault(kind_of(study, step), []).append(_Measured(per_unit, *disk))
    return {kind: _mean(several) for kind, several in found.items()}


def _state(folder: StudyFolder, step: Step) -> Optional[dict[str, Any]]:
    """What is noted of a step that was done; `None` of one that has failed, or that no study did."""
    state = folder.state(step) if isinstance(step, Run) else folder.record(step)
    is_done = state is not None and "seconds" in state and state.get("status", DONE) == DONE
    return state if is_done else None


def _archive_mb(folder: StudyFolder, step: Step, state: Mapping[str, Any]) -> float:
    """The size of a run's archive, which may be gone; earlier notes lack it."""
    if not isinstance(step, Run) or "archive_mb" in state:
        return float(state.get("archive_mb", 0.0))
    archive = folder.archive(step.name)
    gone = max(0.0, state.get("kept_mb", 0.0) - size_of(folder.folder(step)) / MB)
    return size_of(archive) / MB if archive.exists() else gone


def _mean(several: Sequence[_Measured]) -> _Measured:
    seconds = sum(each.seconds for each in several) / len(several)
    largest = max(several, key=lambda each: each.largest_mb)
    return _Measured(seconds, largest.kept_mb, max(each.archive_mb for each in several), largest.largest_mb)


def kind_of(study: Study, step: Step) -> str:
    """What tells steps apart that take different times for the same work."""
    if not isinstance(step, Run):
        model = study.runs[step.of[0]].config.get("model", {})
        return digest_of(["evaluation", _size(model), sorted(step.data.values())])
    config = step.config
    trainer, loader = config.get("trainer", {}), config.get("data_loader", {})
    sampler = loader.get("sampler", {}) if isinstance(loader.get("sampler", {}), Mapping) else {}
    inner = trainer.get("inner_loop", {})
    inner = {key: value for key, value in inner.items() if key != "lr"} if isinstance(inner, Mapping) else inner
    # One pass over the support set more; twice as many episodes where the data tell how many.
    variants = [bool(trainer.get("agreement")), bool(loader.get("reverse"))]
    batch = [loader.get("batch_size"), sampler.get("support_size"), sampler.get("query_size")]
    data = [] if _meta_steps(config) else inputs(config)
    return digest_of(
        [_size(config.get("model", {})), trainer.get("type"), inner, trainer.get("precision"), variants, batch, data]
    )


def _work(step: Step) -> float:
    if not isinstance(step, Run):
        return len(step.data)
    return _meta_steps(step.config) or _epochs(step.config)


def _meta_steps(config: Mapping[str, Any]) -> int:
    episodes = config.get("data_loader", {}).get("episodes_per_epoch")
    return int(episodes) * _epochs(config) if isinstance(episodes, (int, float)) else 0


def _epochs(config: Mapping[str, Any]) -> int:
    """What is no number fails when the run begins."""
    epochs = config.get("trainer", {}).get("num_epochs", 1)
    return int(epochs) if isinstance(epochs, (int, float)) else 1


def _size(model: Any) -> Any:
    if not isinstance(model, Mapping):
        return model
    return [model.get("type"), model.get("model_name")]
