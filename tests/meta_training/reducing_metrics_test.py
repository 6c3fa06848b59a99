"""Which metrics wait for other workers in their calls, and what is refused of models that have one."""

from functools import wraps
from typing import Any

import pytest
import torch
import torch.distributed
import torch.distributed as dist
import torch.multiprocessing as mp
from allennlp.models import Model
from allennlp.nn.util import dist_reduce_sum
from allennlp.training.metrics import (
    BLEU,
    Auc,
    Average,
    BooleanAccuracy,
    CategoricalAccuracy,
    Entropy,
    F1Measure,
    FBetaMeasure,
    MeanAbsoluteError,
    Metric,
    Perplexity,
    SequenceAccuracy,
    SpearmanCorrelation,
    UnigramRecall,
)
from torch.distributed import all_reduce as add_up

from tests.meta_training.distributed_test import WORKERS, forked_workers  # noqa: F401
from tests.meta_training.tiny import TinyClassifier
from xlamaml_allennlp.languages.metric import LanguageMean
from xlamaml_allennlp.meta_training.reducing_metrics import reduces_in_calls
from xlamaml_allennlp.qa.metric import SpanMetric

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


class Local(Metric):
    """Counts here, and adds up when it is asked, as the house's do."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, values: torch.Tensor, languages: Any = None) -> None:  # type: ignore[override]
        self.count += len(values.gather(0, torch.zeros_like(values, dtype=torch.long)))

    def get_metric(self, reset: bool = False) -> float:
        total = dist_reduce_sum(self.count)
        if reset:
            self.count = 0
        return float(total)


class Inherited(CategoricalAccuracy):
    pass


class Indirect(Local):
    def __call__(self, values: torch.Tensor, languages: Any = None) -> None:  # type: ignore[override]
        self.count += self._over_workers(len(values))

    def _over_workers(self, count: int) -> int:
        return sum(dist_reduce_sum(each) for each in [count])


class ByModule(Local):
    def __call__(self, values: torch.Tensor, languages: Any = None) -> None:  # type: ignore[override]
        torch.distributed.all_reduce(values)


class ByAnotherName(Local):
    def __call__(self, values: torch.Tensor, languages: Any = None) -> None:  # type: ignore[override]
        add_up(values)


class Imported(Local):
    def __call__(self, values: torch.Tensor, languages: Any = None) -> None:  # type: ignore[override]
        import torch.distributed as workers

        workers.barrier()


def passed_on(call: Any) -> Any:
    @wraps(call)
    def wrapper(*args: Any) -> None:
        call(*args)

    return wrapper


class Wrapped(Local):
    @passed_on
    def __call__(self, values: torch.Tensor, languages: Any = None) -> None:
        dist.broadcast(values, 0)


ALLENNLPS = [
    *(Auc, Average, BLEU, BooleanAccuracy, CategoricalAccuracy, Entropy, F1Measure, FBetaMeasure, MeanAbsoluteError),
    *(Perplexity, SequenceAccuracy, SpearmanCorrelation, UnigramRecall),
]
WRITTEN_BY_USERS = [Inherited, Indirect, ByModule, ByAnotherName, Imported, Wrapped]


@pytest.mark.parametrize("metric_class", [*ALLENNLPS, *WRITTEN_BY_USERS])
def test_a_metric_that_adds_up_in_every_call_is_told(metric_class):
    assert reduces_in_calls(metric_class)


@pytest.mark.parametrize("metric_class", [LanguageMean, SpanMetric, Local])
def test_a_metric_that_adds_up_when_it_is_asked_is_not_taken_for_one(metric_class):
    assert not reduces_in_calls(metric_class)


@Model.register("tiny_classifier_that_counts_locally")
class CountingLocally(TinyClassifier):
    def __init__(self, vocab: Any, **more: Any) -> None:
        super().__init__(vocab, **more)
        self.accuracy = Local()  # type: ignore[assignment]


# Query sets of 3, in parts of at most 2.
IN_PARTS: dict[str, Any] = {
    "num_gradient_accumulation_steps": 1,
    "num_epochs": 1,
    "inner_loop": {"type": "first_order", "lr": 0.1, "micro_batch_size": 2},
    "top": WORKERS,
}


def test_micro_batches_of_several_workers_are_refused_where_a_metric_adds_up_in_every_call(run):
    said = r"micro_batch_size is 2, and the model's metric accuracy \(CategoricalAccuracy\) .* to null, train with one"
    with pytest.raises(mp.ProcessRaisedException, match=said):
        run(**IN_PARTS)


def test_they_are_taken_where_metrics_count_locally_with_one_worker_or_in_whole_batches(run):
    run("locally", model={"type": "tiny_classifier_that_counts_locally"}, **IN_PARTS)
    run("one worker", **{**IN_PARTS, "top": None})
    run("whole", **{**IN_PARTS, "inner_loop": {"type": "first_order", "lr": 0.1}})
