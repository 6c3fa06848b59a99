"""Support passes count for no metric, and cost no work that is for metrics alone."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any

import pytest
import torch
from allennlp.data import Vocabulary
from allennlp.models import Model
from allennlp.training.metrics import Average, CategoricalAccuracy, FBetaMeasure

from tests.meta_training.tiny import TinyClassifier
from xlamaml_allennlp.meta_training.losses import SupportLoss
from xlamaml_allennlp.meta_training.silence import silent_metrics

NUMBERS = {"numbers": torch.ones(2, 4), "label": torch.tensor([0, 1])}


class Inherited(CategoricalAccuracy):
    pass


def feed(metric: Any) -> None:
    if isinstance(metric, Average):
        metric(3.0)
    else:
        metric(torch.eye(2), torch.tensor([0, 1]))


def value_of(metric: Any) -> Any:
    """What it says; a F measure that has counted nothing refuses to."""
    try:
        return str(metric.get_metric())
    except RuntimeError:
        return None


@pytest.mark.parametrize("make", [CategoricalAccuracy, Inherited, FBetaMeasure, Average])
def test_a_metric_counts_outside_but_not_inside_also_one_that_is_made_there(make):
    metric, nothing = make(), value_of(make())
    with silent_metrics():
        late = make()
        feed(metric)
        feed(late)
    assert value_of(metric) == value_of(late) == nothing
    feed(metric)
    assert value_of(metric) != nothing


def test_metrics_count_again_after_a_support_pass_that_failed():
    metric = Average()
    with pytest.raises(RuntimeError), silent_metrics():
        raise RuntimeError
    feed(metric)
    assert metric.get_metric() == 3.0


def test_passes_of_two_runs_in_one_process_fall_silent_apart_from_each_other():
    with ThreadPoolExecutor(max_workers=1) as other_run, ExitStack() as theirs:
        metric = Average()
        other_run.submit(theirs.enter_context, silent_metrics()).result()
        metric(1.0)  # theirs is silent, ours is not
        with silent_metrics():
            metric(100.0)
            other_run.submit(theirs.close).result()
            metric(100.0)
            other_run.submit(metric, 3.0).result()  # ours is silent, theirs is not any more
        metric(8.0)
    # (1 + 3 + 8) / 3
    assert metric.get_metric() == pytest.approx(4.0)


@Model.register("tiny_classifier_that_tells_how_many_it_counted")
class Telling(TinyClassifier):
    def get_metrics(self, reset: bool = False) -> dict[str, float]:
        counted = self.accuracy.total_count
        return {"counted": float(counted), **super().get_metrics(reset)}


@pytest.mark.parametrize("estimator", ["higher", "first_order", "exact", "hessian_free"])
def test_metrics_of_a_run_have_counted_every_query_example_once(run, tmp_path, estimator):
    top = {"validation_data_path": None, "validation_data_loader": None, "validation_dataset_reader": None}
    model = {"type": "tiny_classifier_that_tells_how_many_it_counted"}
    run(num_epochs=1, model=model, inner_loop={"type": estimator, "lr": 0.1, "num_steps": 2}, top=top)
    # Six episodes with three query examples each.
    assert json.loads((tmp_path / "out" / "metrics.json").read_text())["training_counted"] == 18


class Asking(Model):
    """Asks whether anybody counts, as the house's models do."""

    def __init__(self) -> None:
        super().__init__(Vocabulary())
        self.asked, self.mean, self.counts = Average(), Average(), True

    @contextmanager
    def not_counting(self) -> Iterator[None]:
        self.counts = False
        yield
        self.counts = True

    def forward(self, numbers: torch.Tensor, label: torch.Tensor) -> dict[str, Any]:
        if self.counts:
            self.asked(1.0)
        self.mean(1.0)
        return {"loss": numbers.sum()}


class CountingOnItsOwn(Asking):
    def forward(self, numbers: torch.Tensor, label: torch.Tensor) -> dict[str, Any]:
        outputs = super().forward(numbers, label)
        self.mean(1.0)
        return outputs


@pytest.mark.parametrize(
    ("make", "counted"),
    [
        (Asking, 1.0),  # its word is taken for it
        (CountingOnItsOwn, 0.0),  # its forward is newer than that word
    ],
)
def test_a_model_that_asks_is_left_to_itself_unless_a_subclass_counts_on_its_own(make, counted):
    model = make()
    SupportLoss(NUMBERS, nullcontext)(model)
    assert model.asked.get_metric() == 0.0
    assert model.mean.get_metric() == counted
    model(**NUMBERS)
    assert model.asked.get_metric() == 1.0


def test_a_model_that_does_not_ask_passes_and_counts_nothing():
    model = TinyClassifier(Vocabulary())
    assert SupportLoss(NUMBERS, nullcontext)(model).isfinite()
    assert model.accuracy.total_count == 0
