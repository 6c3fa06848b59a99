"""Whether a model has the metric that a run is judged by, before the run and not after its first epoch."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Optional, Union

from allennlp.common.checks import ConfigurationError
from allennlp.data import DataLoader
from allennlp.models import Model

from xlamaml_allennlp.gathering import gather
from xlamaml_allennlp.resuming.metric_counts import metrics_of


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
    mine = {_language(instance.fields) for instance in data_loader.iter_instances()} - {None}
    return sorted({language for worker in gather({"languages": mine}) for language in worker["languages"]})


def _language(fields: Mapping[str, Any]) -> Optional[str]:
    metadata = getattr(fields.get("metadata"), "metadata", None)
    language = metadata.get("language") if isinstance(metadata, Mapping) else None
    return language if isinstance(language, str) else None


def _head(name: str) -> str:
    return re.split(r"[\W_]", name, maxsplit=1)[0]
