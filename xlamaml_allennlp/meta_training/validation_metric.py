"""Whether a model has the metric that a run is judged by, before the run and not after its first epoch."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Optional, Union

from allennlp.common.checks import ConfigurationError
from allennlp.data import DataLoader
from allennlp.models import Model
from allennlp.training.callbacks import TrainerCallback

from xlamaml_allennlp.episodes.episode import languages_of_batch
from xlamaml_allennlp.meta_training.distributed import gather
from xlamaml_allennlp.meta_training.metric_counts import metrics_of


@TrainerCallback.register("validation_metric_check")
class ValidationMetricCheck(TrainerCallback):
    """
    Lets a run whose model does not have the trainer's `validation_metric` fail before its first epoch, with the
    metrics that there are. For the stock trainer; the `meta` trainer looks by itself when it is made.

    Registered as a `TrainerCallback` with name "validation_metric_check".

    # Parameters

    serialization_dir : `str`
        The run's folder; AllenNLP passes it.

    # Raises

    `ConfigurationError`
        At the start of training, if the model has no such metric.
    """

    def __init__(self, serialization_dir: str) -> None:
        super().__init__(serialization_dir)

    def on_start(self, trainer: Any, is_primary: bool = True, **kwargs: Any) -> None:
        super().on_start(trainer, is_primary, **kwargs)
        tracked = trainer._metric_tracker.tracked_metrics
        names = [("+" if factor > 0 else "-") + name for factor, name in tracked]
        check_validation_metric(names, trainer.model, trainer._validation_data_loader)


def check_validation_metric(
    names: Union[str, Iterable[str]], model: Model, validation_data_loader: Optional[DataLoader]
) -> None:
    """
    Refuses a metric that no validation will give.

    A model that says nothing before it has counted is believed, and so is one from elsewhere where a name begins as one
    of its own does: some count by classes that only data tell. Ours count by language and are known.

    # Parameters

    names : `Union[str, Iterable[str]]`
        The trainer's `validation_metric`.
    model : `Model`
        The model.
    validation_data_loader : `Optional[DataLoader]`
        The data to validate on, whose languages are those of the metrics, where it holds them in memory.

    # Raises

    `ConfigurationError`
        If the model does not have it, or it begins with neither + nor -.
    """
    for signed in [names] if isinstance(names, str) else names:
        if signed[:1] not in ("+", "-"):
            better = "-" if signed.endswith("loss") else "+"
            raise ConfigurationError(
                f'trainer.validation_metric is "{signed}"; it must begin with + where more is better, or with - where '
                f'less is: "{better}{signed}".'
            )
        known = _metric_names(model)
        if known is not None:
            _check(signed, known, model, validation_data_loader)


LOSSES = frozenset(("loss", "reg_loss"))


def _check(signed: str, known: set[str], model: Model, validation_data_loader: Optional[DataLoader]) -> None:
    name, more = signed[1:], []
    if name in known:
        return
    if _by_language(model):
        languages = _languages(validation_data_loader) if "/" in name else None
        if _is_of_a_language(name, known, languages):
            return
        more = [f"{each}/{tail}" for each in sorted(known - LOSSES) for tail in [*(languages or ["LANGUAGE"]), "mean"]]
    elif _head(name) in map(_head, known):
        return
    there = [*sorted(known), *more]
    close = get_close_matches(name, there, 1)
    raise ConfigurationError(
        f'trainer.validation_metric is "{signed}", and this model has no metric of that name; it has '
        f"{', '.join(there)}.{f' Did you mean {signed[:1]}{close[0]}?' if close else ''}"
    )


def _metric_names(model: Model) -> Optional[set[str]]:
    """What `get_metrics` names before anything is counted, and the losses; `None` if it names nothing yet."""
    training = model.training
    names: set[str] = set()
    try:
        for mode in (True, False):  # some models say more in one of them
            names.update(model.train(mode).get_metrics())
    except Exception:  # whatever a metric raises that has counted nothing
        return None
    finally:
        model.train(training)
    if not names:
        return None
    return names | {"loss"} | ({"reg_loss"} if model.get_regularization_penalty() is not None else set())


def _by_language(model: Model) -> bool:
    """Whether its metrics are this package's, which have values overall, per language and as the languages' mean."""
    house = __name__.partition(".")[0]
    found = [type(metric).__module__.partition(".")[0] for metric in metrics_of(model).values()]
    return bool(found) and set(found) == {house}


def _is_of_a_language(name: str, known: set[str], languages: Optional[list[str]]) -> bool:
    metric, _, tail = name.partition("/")
    return metric in known - LOSSES and bool(tail) and (tail == "mean" or languages is None or tail in languages)


def _languages(data_loader: Optional[DataLoader]) -> Optional[list[str]]:
    """The languages of the data, over all workers; `None` if telling them would read the data once more."""
    if data_loader is None or getattr(data_loader, "max_instances_in_memory", None) is not None:
        return None
    tags = [instance.fields["metadata"].metadata for instance in data_loader.iter_instances()]  # type: ignore[attr-defined]
    return sorted({each for worker in gather({"it": languages_of_batch({"metadata": tags})}) for each in worker["it"]})


def _head(name: str) -> str:
    return re.split(r"[\W_]", name, maxsplit=1)[0]
