"""Evaluation of instances that are in memory, for programs: numbers, and nothing printed."""

from collections import deque
from collections.abc import Sequence

from allennlp.data import Instance
from allennlp.data.data_loaders import SimpleDataLoader
from allennlp.models import Model

from xlamaml_allennlp.languages.judged import Judging
from xlamaml_allennlp.languages.passes import Passes


def evaluate_instances(model: Model, instances: Sequence[Instance], batch_size: int, device: int) -> dict[str, float]:
    """
    The metrics of a model over instances, those per language included, and the mean loss.

    # Parameters

    model : `Model`
        The model, in evaluation mode. What its metrics have counted before is dropped.
    instances : `Sequence[Instance]`
        All of the evaluation, with labels.
    batch_size : `int`
        Instances in one forward pass.
    device : `int`
        Where the model is; -1 is the CPU.

    # Raises

    `ConfigurationError`
        If the model's scores are not numbers.
    """
    model.get_metrics(reset=True)
    loader = SimpleDataLoader(list(instances), batch_size, vocab=model.vocab)
    passes = Passes(model, loader, device, "batch_size", shown=False)
    # A model that judges looks at its scores: of NaN the most probable label is the first.
    deque(model.judged(passes) if isinstance(model, Judging) else passes, maxlen=0)
    metrics = model.get_metrics(reset=True)
    return metrics if passes.loss is None else {**metrics, "loss": passes.loss}
